import { formatJid } from '../../core/run/jid.ts'

/** Makes job ids: the time, and always later than the one before. */
export class Jids {
  readonly #now: () => number
  #last = 0n

  constructor(now: () => number) {
    this.#now = now
  }

  next(): string {
    const microseconds = BigInt(this.#now()) * 1000n
    this.#last = microseconds > this.#last ? microseconds : this.#last + 1n
    return formatJid(this.#last)
  }
}

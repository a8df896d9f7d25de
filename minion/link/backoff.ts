/**
 * How long to wait before the next try, in milliseconds: twice as long each time up to a limit, and anything between
 * half and all of that, so that a thousand minions do not come back in the same moment.
 */
export class Backoff {
  readonly #firstMs: number
  readonly #mostMs: number
  readonly #random: () => number
  #nextMs: number

  constructor(options: { firstMs?: number; mostMs?: number; random?: () => number } = {}) {
    this.#firstMs = options.firstMs ?? 500
    this.#mostMs = options.mostMs ?? 30_000
    this.#random = options.random ?? Math.random
    this.#nextMs = this.#firstMs
  }

  next(): number {
    const ceiling = this.#nextMs
    this.#nextMs = Math.min(this.#mostMs, ceiling * 2)
    return Math.round((ceiling / 2) * (1 + this.#random()))
  }

  /** After a success: the next failure begins small again. */
  reset(): void {
    this.#nextMs = this.#firstMs
  }
}

import { formatDuration } from '../core/text/duration.ts'

/** Numbered steps on a terminal: what is being done, and how long it took. */
export class Progress {
  readonly #total: number
  readonly #began = performance.now()
  #number = 0

  constructor(total: number) {
    this.#total = total
  }

  /** Does one step. What it prints by itself comes between its title and its end. */
  async step<T>(title: string, work: () => T | Promise<T>): Promise<T> {
    this.#number += 1
    const label = `[${this.#number}/${this.#total}]`
    const began = performance.now()
    process.stdout.write(`${label} ${title}\n`)
    const result = await work()
    process.stdout.write(`${label} done in ${formatDuration(performance.now() - began)}\n`)
    return result
  }

  elapsed(): string {
    return formatDuration(performance.now() - this.#began)
  }
}

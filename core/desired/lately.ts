/** Remembers what was made lately, up to so many things; the least lately used is forgotten. */
export class Lately<T> {
  readonly #most: number
  readonly #known = new Map<string, T>()

  constructor(most: number) {
    this.#most = most
  }

  /** What `make` throws is not remembered. */
  get(key: string, make: () => T): T {
    const value = this.#known.get(key) ?? make()
    this.#known.delete(key)
    this.#known.set(key, value)
    const [oldest] = this.#known.keys()
    if (this.#known.size > this.#most && oldest !== undefined) this.#known.delete(oldest)
    return value
  }
}

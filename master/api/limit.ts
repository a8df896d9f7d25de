/** So many at once, and one more each so often: for what strangers may ask. */
export class Limit {
  readonly #burst: number
  readonly #everyMs: number
  readonly #spent = new Map<string, { count: number; at: number }>()
  readonly #monotonic: () => number

  constructor(options: { burst: number; everyMs: number; monotonic?: () => number }) {
    this.#burst = options.burst
    this.#everyMs = options.everyMs
    this.#monotonic = options.monotonic ?? (() => performance.now())
  }

  /** Takes one; false when there is none left for this address. */
  take(address: string): boolean {
    const spent = this.#current(address)
    if (spent >= this.#burst) return false
    this.#keep(address, spent + 1)
    return true
  }

  /** Gives it back: what was asked turned out to be well-founded. */
  giveBack(address: string): void {
    this.#keep(address, Math.max(0, this.#current(address) - 1))
  }

  #current(address: string): number {
    const known = this.#spent.get(address)
    return known === undefined ? 0 : Math.max(0, known.count - (this.#monotonic() - known.at) / this.#everyMs)
  }

  #keep(address: string, count: number): void {
    // The oldest go first: an attacker with many addresses does not fill the memory.
    this.#spent.delete(address)
    this.#spent.set(address, { count, at: this.#monotonic() })
    const [oldest] = this.#spent.size > MAX_ADDRESSES ? this.#spent.keys() : []
    if (oldest !== undefined) this.#spent.delete(oldest)
  }
}

const MAX_ADDRESSES = 10_000

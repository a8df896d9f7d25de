import type { Made } from '../module/change.ts'
import type { Fact, Kind } from '../module/fact.ts'
import type { View } from '../module/view.ts'

interface Remembered {
  value: Promise<unknown>
  stale: readonly Kind[]
}

/** What was learned about the machine during a run, until a change makes it stale. */
export class Facts {
  readonly #known = new Map<string, Remembered>()

  /** Facts are remembered by name: two that share one must be the same question. */
  async get<T>(fact: Fact<T>, view: View): Promise<T> {
    const known = this.#known.get(fact.name)
    // the one place that knows that a name stands for one type of value
    if (known !== undefined) return (await known.value) as T
    const value = fact.read(view)
    this.#known.set(fact.name, { value, stale: fact.stale })
    try {
      return await value
    } catch (thrown) {
      this.#known.delete(fact.name)
      throw thrown
    }
  }

  forget(made: readonly Made[]): void {
    if (made.includes('anything')) return this.#known.clear()
    const kinds = new Set(made.flatMap((one) => (one === 'anything' ? [] : one.kind)))
    for (const [name, { stale }] of this.#known) if (stale.some((kind) => kinds.has(kind))) this.#known.delete(name)
  }
}

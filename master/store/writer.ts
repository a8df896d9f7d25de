import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Store } from './store.ts'

interface Waiting {
  /** Runs inside the transaction; resolves with what to do once that is through. */
  run: (transaction: Store) => Promise<() => void>
  failed: (error: unknown) => void
}

/** How many writes share one transaction at most. */
const MAX_BATCH = 200

/**
 * Writes of many at once, each on the disk when its promise resolves. A transaction ends with a wait for the disk, so
 * that what comes in meanwhile goes together into the next one: a thousand minions that report are not a thousand waits.
 */
export class Writer {
  readonly #store: Store
  readonly #queue: Waiting[] = []
  #draining: Promise<void> | undefined

  constructor(store: Store) {
    this.#store = store
  }

  /** Runs `work` in a transaction that it may share with others. */
  async write<Result>(work: (transaction: Store) => Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#queue.push({
      failed: reject,
      run: async (transaction) => {
        const result = await work(transaction)
        return () => resolve(result)
      },
    })
    this.#draining ??= this.#drain()
    return promise
  }

  /** Resolves when everything that was asked for is on the disk. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // A transaction here leaves no room for anything else: what has come in by now shall be in the same one.
      await nextTurn()
      await this.#commit(this.#queue.splice(0, MAX_BATCH))
    }
    this.#draining = undefined
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const done = await this.#store.transaction().execute(async (transaction) => {
        const results: (() => void)[] = []
        for (const { run } of batch) results.push(await run(transaction))
        return results
      })
      for (const resolve of done) resolve()
    } catch (error) {
      // One that can't be written must not take the others with it.
      if (batch.length > 1) for (const one of batch) await this.#commit([one])
      else for (const { failed } of batch) failed(error)
    }
  }
}

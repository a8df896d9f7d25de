import type { Store } from '../store/store.ts'
import { eventsAfter, requireJob } from './history.ts'
import type { JobEvent } from './jobs.ts'

/** Rings for everybody who watches a job when something of it was stored. */
export class Bells {
  readonly #waiting = new Map<string, Set<() => void>>()

  ring(jid: string): void {
    const waiting = this.#waiting.get(jid)
    this.#waiting.delete(jid)
    for (const wake of waiting ?? []) wake()
  }

  /** Resolves at the next ring, or when the signal is aborted. */
  next(jid: string, signal: AbortSignal): { rung: Promise<void> } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiting = this.#waiting.get(jid) ?? new Set()
    this.#waiting.set(jid, waiting.add(resolve))
    const stop = (): void => {
      waiting.delete(resolve)
      resolve()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    return { rung: promise.finally(() => signal.removeEventListener('abort', stop)) }
  }
}

/**
 * A job's events from the store, and then each as it comes: what a watcher sees is what is on the disk, so that nothing is
 * lost to one who is slow or comes back.
 */
export async function* watchJob(
  store: Store,
  bells: Bells,
  jid: string,
  options: { after: number; signal: AbortSignal },
): AsyncGenerator<JobEvent> {
  await requireJob(store, jid)
  let after = options.after
  while (!options.signal.aborted) {
    // Before the look, so that what is stored between the look and the wait rings too.
    const { rung } = bells.next(jid, options.signal)
    const { ended } = await requireJob(store, jid)
    const events = await eventsAfter(store, jid, after)
    for (const event of events) {
      yield event
      after = event.number
    }
    if (events.length === 0 && ended !== null) return
    if (events.length === 0) await rung
  }
}

import type { LoggedEvent } from '../../core/run/event.ts'
import { follow } from './follow.ts'

export interface ForwardOptions {
  file: string
  /** Sends events, in order; answers up to which number all are safely stored. */
  send(events: LoggedEvent[]): Promise<number>
  signal: AbortSignal
}

/** In characters of JSON: a message of them fits a frame, whatever characters they are. */
const BATCH = 256 * 1024

/**
 * Sends the events of a job as they appear until the master has stored the last one. What it has not stored is sent
 * again, so nothing is lost by a crash of either side; what it has already is only numbers to it.
 *
 * @returns whether the end was stored; `false` when the signal came first
 */
export async function forward(options: ForwardOptions): Promise<boolean> {
  const { file, signal } = options
  for (let stored = 0; !signal.aborted;) {
    const before = stored
    for await (const fresh of follow(file, { after: stored, signal })) {
      const last = fresh.at(-1)
      for (const batch of batches(fresh)) stored = await options.send(batch)
      if (last === undefined || stored < last.seq) break
      if (last.event.type === 'ended') return true
    }
    // The master lacks something in between: from there again. One that never gets further would keep us here for ever.
    if (!signal.aborted && stored <= before) throw new Error(`the master stores nothing after event ${stored}`)
  }
  return false
}

function batches(events: readonly LoggedEvent[]): LoggedEvent[][] {
  const all: LoggedEvent[][] = [[]]
  let size = 0
  for (const event of events) {
    const length = JSON.stringify(event).length
    if (size > 0 && size + length > BATCH) {
      all.push([])
      size = 0
    }
    all.at(-1)?.push(event)
    size += length
  }
  return all
}

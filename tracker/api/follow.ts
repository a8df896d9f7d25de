import { setTimeout as wait } from 'node:timers/promises'
import { LogReader } from '../engines/log/read.ts'
import { runFolders } from '../engines/task/folders.ts'
import type { LoggedRunEvent } from '../model/event.ts'
import { isFinal } from '../model/status.ts'
import { listRuns } from '../store/runs.ts'
import { endStopped } from './sweep.ts'
import type { Tracker } from './tracker.ts'

/** How often the runs and their logs are looked at, in milliseconds. */
const LOOK = 300

/** Shows what runs do, by their logs on this machine, until all have ended; false when it was stopped before. */
export async function followRuns(
  tracker: Tracker,
  runIds: readonly number[],
  stop: AbortSignal,
  show: (event: LoggedRunEvent) => void,
): Promise<boolean> {
  const going = new Map<number, LogReader>()
  for (const { id, attempt } of await listRuns(tracker.database.queries, { ids: runIds })) {
    going.set(id, new LogReader(runFolders(tracker.config.workdir, id, attempt).log))
  }
  const ended = new Set<number>()
  while (going.size > 0) {
    if (stop.aborted) return false
    await endStopped(tracker)
    for (const { id, status } of await listRuns(tracker.database.queries, { ids: [...going.keys()] })) {
      for await (const event of going.get(id)?.more() ?? []) show(event)
      // The log is closed a moment after the run: one more look.
      if (ended.has(id)) going.delete(id)
      else if (isFinal(status)) ended.add(id)
    }
    if (going.size > 0) await wait(LOOK)
  }
  return true
}

import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '../../core/errors.ts'
import type { Run } from '../model/records.ts'
import { isFinal } from '../model/status.ts'
import { askToCancel, cancelWaiting } from '../store/cancel.ts'
import { getRun } from '../store/runs.ts'
import { endStopped } from './sweep.ts'
import { type Tracker, timeOf } from './tracker.ts'

/** How often the run is looked at, in milliseconds. */
const LOOK = 200

/**
 * Ends a run: at once when it waits, and through its engine, which ends its programs, when it is going on. Returns when it
 * has ended, or with its last state when the signal is aborted first.
 */
export async function cancelRun(tracker: Tracker, runId: number, by: string, signal: AbortSignal): Promise<Run> {
  const { queries } = tracker.database
  await endStopped(tracker)
  const run = await getRun(queries, runId)
  if (isFinal(run.status)) {
    throw new UserError('not-running', `Analysis run ${runId} is ${run.status}: there is nothing to cancel.`)
  }
  const now = await timeOf(tracker.database)
  // It may begin between the two questions: then the second round reaches its engine.
  while (!(await askToCancel(queries, runId, by, now)) && !(await cancelWaiting(queries, runId, by, now))) {
    if (isFinal((await getRun(queries, runId)).status)) break
  }
  let current: Run = await getRun(queries, runId)
  while (!isFinal(current.status) && !signal.aborted) {
    await wait(LOOK)
    // Its engine may have vanished: then the lease ends it.
    await endStopped(tracker)
    current = await getRun(queries, runId)
  }
  return current
}

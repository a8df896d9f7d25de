import { UserError } from '../../core/errors.ts'
import type { Run } from '../model/records.ts'
import { isFinal } from '../model/status.ts'
import { getRun, listRuns, type RunFilter } from '../store/runs.ts'
import { setReady, setScheduled } from '../store/transitions.ts'
import { engineFor } from './engine-for.ts'
import { endStopped } from './sweep.ts'
import { type Tracker, timeOf } from './tracker.ts'

export interface Retried {
  /** The engine that is to work the runs off. One of this machine is entered, not started. */
  engineId: string
  runIds: number[]
}

/** Schedules runs that have ended once more, with what they were launched with. All of them, or none. */
export async function retryRuns(tracker: Tracker, runIds: readonly number[]): Promise<Retried> {
  await endStopped(tracker)
  const now = await timeOf(tracker.database)
  return tracker.database.queries.transaction().execute(async (queries) => {
    for (const id of runIds) {
      const { status } = await getRun(queries, id)
      if (!isFinal(status)) throw stillGoing(id, status)
      await setReady(queries, id, now)
    }
    const engineId = await engineFor(tracker, queries, now)
    await setScheduled(queries, runIds, engineId, now)
    return { engineId, runIds: [...runIds] }
  })
}

/** The runs that ended because their engine did. */
export async function interruptedRuns(tracker: Tracker, filter: RunFilter): Promise<Run[]> {
  await endStopped(tracker)
  return listRuns(tracker.database.queries, { ...filter, status: 'error', errorKind: 'engine-stopped' })
}

function stillGoing(id: number, status: Run['status']): UserError {
  return new UserError('illegal-transition', `Analysis run ${id} is ${status}: it has not ended yet.`, {
    hint: `'butler cancel-run -r ${id}' ends it.`,
  })
}

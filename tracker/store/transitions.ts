import type { Updateable } from 'kysely'
import type { RunError, RunStatus } from '../model/status.ts'
import { UserError } from '../../core/errors.ts'
import { illegalTransition, LEASED, legalBefore, statusNumber } from '../model/status.ts'
import type { Queries } from './database.ts'
import { getRun } from './runs.ts'
import type { Tables } from './tables.ts'

/** How many ids go into one statement. */
const BATCH = 500

// Each change of a run's state is one statement that compares and sets: of two programs that try, one succeeds and the
// other gets `illegal-transition`. None of them reads first.

/** Who may change a run that an engine works on: that engine, and only while it is on this attempt. */
export interface Owner {
  engineId: string
  attempt: number
}

/** Ready again, as if it had never been run; what it was launched with stays. */
export async function setReady(queries: Queries, runId: number, now: string): Promise<void> {
  await move(queries, runId, 'ready', now, {
    run_start_date: null,
    run_end_date: null,
    run_error_code: null,
    run_error_kind: null,
    run_error: null,
    engine_id: null,
    cancel_date: null,
    cancel_by: null,
  })
}

/** Hands ready runs to an engine, for one more attempt each. Its lease has begun. */
export async function setScheduled(
  queries: Queries,
  runIds: readonly number[],
  engineId: string,
  now: string,
): Promise<void> {
  for (let start = 0; start < runIds.length; start += BATCH) {
    const batch = runIds.slice(start, start + BATCH)
    const rows = await queries
      .updateTable('analysis_run')
      .set(({ eb }) => ({
        run_status: statusNumber('scheduled'),
        engine_id: engineId,
        attempt: eb('attempt', '+', 1),
        last_updated_date: now,
      }))
      .where('analysis_run_id', 'in', batch)
      .where('run_status', 'in', legalBefore('scheduled').map(statusNumber))
      .returning('analysis_run_id')
      .execute()
    const moved = new Set(rows.map((row) => row.analysis_run_id))
    const refused = batch.find((id) => !moved.has(id))
    if (refused !== undefined) throw illegalTransition(refused, (await getRun(queries, refused)).status, 'scheduled')
  }
}

export async function setInProgress(queries: Queries, runId: number, now: string, owner?: Owner): Promise<void> {
  await move(queries, runId, 'in-progress', now, { run_start_date: now }, owner)
}

export async function setCompleted(queries: Queries, runId: number, now: string, owner?: Owner): Promise<void> {
  await move(queries, runId, 'completed', now, { run_end_date: now }, owner)
}

export async function setError(
  queries: Queries,
  runId: number,
  error: RunError,
  now: string,
  owner?: Owner,
): Promise<void> {
  const set = {
    run_end_date: now,
    run_error_kind: error.kind,
    run_error: error.cause,
    run_error_code: error.exitCode ?? null,
  }
  await move(queries, runId, 'error', now, set, owner)
}

/** Makes a change of an owner's run; false when it is not the owner's any more: somebody else has ended it. */
export async function unlessTaken(change: () => Promise<void>): Promise<boolean> {
  try {
    await change()
    return true
  } catch (error) {
    if (error instanceof UserError && error.code === 'illegal-transition') return false
    throw error
  }
}

async function move(
  queries: Queries,
  runId: number,
  to: RunStatus,
  now: string,
  set: Updateable<Tables['analysis_run']>,
  owner?: Owner,
): Promise<void> {
  let update = queries
    .updateTable('analysis_run')
    .set({ ...set, run_status: statusNumber(to), last_updated_date: now })
    .where('analysis_run_id', '=', runId)
    .where('run_status', 'in', legalBefore(to).map(statusNumber))
  if (owner !== undefined) {
    update = update
      .where('engine_id', '=', owner.engineId)
      .where('attempt', '=', owner.attempt)
      // An engine changes only what it is working on: not what others have ended meanwhile.
      .where('run_status', 'in', LEASED)
  }
  const moved = await update.returning('run_status').executeTakeFirst()
  if (moved !== undefined) return
  const { status } = await getRun(queries, runId)
  throw illegalTransition(runId, status, to)
}

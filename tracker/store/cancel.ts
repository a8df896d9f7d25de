import type { ErrorKind } from '../model/status.ts'
import { statusNumber } from '../model/status.ts'
import type { Queries } from './database.ts'

/** Asks the engine of a run that is going on to end it. False when the run is not going on. */
export async function askToCancel(queries: Queries, runId: number, by: string, now: string): Promise<boolean> {
  const asked = await queries
    .updateTable('analysis_run')
    .set({ cancel_date: now, cancel_by: by })
    .where('analysis_run_id', '=', runId)
    .where('run_status', '=', statusNumber('in-progress'))
    .returning('analysis_run_id')
    .executeTakeFirst()
  return asked !== undefined
}

/** Ends a run that has not begun. False when it has, or has ended. */
export async function cancelWaiting(queries: Queries, runId: number, by: string, now: string): Promise<boolean> {
  const cancelled = await queries
    .updateTable('analysis_run')
    .set({
      run_status: statusNumber('error'),
      run_error_kind: 'cancelled' satisfies ErrorKind,
      run_error: `It was cancelled by ${by}.`,
      run_end_date: now,
      last_updated_date: now,
      cancel_date: now,
      cancel_by: by,
    })
    .where('analysis_run_id', '=', runId)
    .where('run_status', 'in', [statusNumber('ready'), statusNumber('scheduled')])
    .returning('analysis_run_id')
    .executeTakeFirst()
  return cancelled !== undefined
}

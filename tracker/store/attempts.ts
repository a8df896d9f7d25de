import type { TaskAttempt } from '../model/records.ts'
import type { ErrorKind } from '../model/status.ts'
import type { Queries } from './database.ts'

export interface AttemptKey {
  runId: number
  runAttempt: number
  task: string
  attempt: number
}

/** Enters an attempt that has begun; the same one once more changes nothing. */
export async function addAttempt(queries: Queries, key: AttemptKey, now: string): Promise<void> {
  await queries
    .insertInto('task_attempt')
    .values({
      analysis_run_id: key.runId,
      run_attempt: key.runAttempt,
      task: key.task,
      attempt: key.attempt,
      state: 'running',
      started_date: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export interface AttemptEnd {
  state: 'completed' | 'error'
  exitCode: number | null
  cause: string | null
}

export async function endAttempt(queries: Queries, key: AttemptKey, end: AttemptEnd, now: string): Promise<void> {
  await queries
    .updateTable('task_attempt')
    .set({ state: end.state, exit_code: end.exitCode, cause: end.cause, ended_date: now })
    .where('analysis_run_id', '=', key.runId)
    .where('run_attempt', '=', key.runAttempt)
    .where('task', '=', key.task)
    .where('attempt', '=', key.attempt)
    .execute()
}

/** Ends what one attempt of a run left running: it never told of its end. */
export async function endAttemptsOf(
  queries: Queries,
  run: { id: number; attempt: number },
  cause: string,
  now: string,
): Promise<void> {
  await queries
    .updateTable('task_attempt')
    .set({ state: 'error', cause, ended_date: now })
    .where('state', '=', 'running')
    .where('analysis_run_id', '=', run.id)
    .where('run_attempt', '=', run.attempt)
    .execute()
}

/** Ends what was still running in runs that a vanished engine left behind. */
export async function endRunningAttempts(queries: Queries, engineId: string, now: string): Promise<void> {
  await queries
    .updateTable('task_attempt')
    .set({ state: 'error', cause: 'The engine stopped.', ended_date: now })
    .where('state', '=', 'running')
    .where((where) =>
      where(
        'analysis_run_id',
        'in',
        where
          .selectFrom('analysis_run')
          .select('analysis_run_id')
          .where('engine_id', '=', engineId)
          .where('run_error_kind', '=', 'engine-stopped' satisfies ErrorKind),
      ),
    )
    .execute()
}

export async function listAttempts(queries: Queries, runId: number): Promise<TaskAttempt[]> {
  const rows = await queries
    .selectFrom('task_attempt')
    .selectAll()
    .where('analysis_run_id', '=', runId)
    .orderBy('task_attempt_id')
    .execute()
  return rows.map((row) => ({
    runId: row.analysis_run_id,
    runAttempt: row.run_attempt,
    task: row.task,
    attempt: row.attempt,
    state: row.state === 'running' || row.state === 'completed' ? row.state : 'error',
    started: row.started_date,
    ended: row.ended_date,
    exitCode: row.exit_code,
    cause: row.cause,
  }))
}

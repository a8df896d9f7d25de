import { randomUUID } from 'node:crypto'
import type { Engine } from '../model/records.ts'
import type { ErrorKind } from '../model/status.ts'
import { LEASED, statusNumber } from '../model/status.ts'
import type { Queries } from './database.ts'

/** Enters an engine that is about to be started on this host. */
export async function addEngine(queries: Queries, host: string, now: string): Promise<string> {
  const engine_id = randomUUID()
  await queries.insertInto('engine').values({ engine_id, host, started_date: now, lease_date: now }).execute()
  return engine_id
}

/** The engine that gives runs to Airflow, when there is one and it was heard of after that time. */
export async function findAirflowEngine(queries: Queries, after: string): Promise<Engine | undefined> {
  const row = await queries
    .selectFrom('engine')
    .selectAll()
    .where('kind', '=', 'airflow')
    .where('lease_date', '>', after)
    .orderBy('lease_date', 'desc')
    .executeTakeFirst()
  return row === undefined ? undefined : { id: row.engine_id, host: row.host, pid: row.pid }
}

/** The engine that gives runs to Airflow from this host: the same one after each restart, so that its runs stay its own. */
export async function ensureAirflowEngine(queries: Queries, host: string, pid: number, now: string): Promise<string> {
  const known = await queries
    .updateTable('engine')
    .set({ pid, lease_date: now })
    .where('kind', '=', 'airflow')
    .where('host', '=', host)
    .returning('engine_id')
    .executeTakeFirst()
  if (known !== undefined) return known.engine_id
  const engine_id = randomUUID()
  const row = { engine_id, kind: 'airflow', host, pid, started_date: now, lease_date: now }
  await queries.insertInto('engine').values(row).execute()
  return engine_id
}

/** The engine has begun: from here on it renews its lease itself. */
export async function setEnginePid(queries: Queries, engineId: string, pid: number, now: string): Promise<void> {
  await queries.updateTable('engine').set({ pid, lease_date: now }).where('engine_id', '=', engineId).execute()
}

export async function findEngine(queries: Queries, engineId: string): Promise<Engine | undefined> {
  const row = await queries.selectFrom('engine').selectAll().where('engine_id', '=', engineId).executeTakeFirst()
  return row === undefined ? undefined : { id: row.engine_id, host: row.host, pid: row.pid }
}

export async function endEngine(queries: Queries, engineId: string, now: string): Promise<void> {
  await queries.updateTable('engine').set({ ended_date: now }).where('engine_id', '=', engineId).execute()
}

/** What an engine must know about the runs that are its own. */
export interface OwnRun {
  id: number
  attempt: number
  cancelledBy: string | null
}

/** Says that the engine is alive, and gives its runs that are going on. */
export async function renewLease(queries: Queries, engineId: string, now: string): Promise<OwnRun[]> {
  await queries.updateTable('engine').set({ lease_date: now }).where('engine_id', '=', engineId).execute()
  const rows = await queries
    .selectFrom('analysis_run')
    .select(['analysis_run_id', 'attempt', 'cancel_by'])
    .where('engine_id', '=', engineId)
    .where('run_status', '=', statusNumber('in-progress'))
    .execute()
  return rows.map((row) => ({ id: row.analysis_run_id, attempt: row.attempt, cancelledBy: row.cancel_by }))
}

export interface StaleEngine extends Engine {
  /** When it was last heard of. */
  lastSeen: string
}

/** Engines that have runs and were last heard of before that time: they are gone, or can't reach the database. */
export async function staleEngines(queries: Queries, before: string): Promise<StaleEngine[]> {
  const rows = await queries
    .selectFrom('engine')
    .selectAll()
    .where('lease_date', '<', before)
    .where((where) =>
      where.exists(
        where
          .selectFrom('analysis_run')
          .select('analysis_run_id')
          .whereRef('analysis_run.engine_id', '=', 'engine.engine_id')
          .where('run_status', 'in', LEASED),
      ),
    )
    .execute()
  return rows.map((row) => ({ id: row.engine_id, host: row.host, pid: row.pid, lastSeen: row.lease_date }))
}

/** Ends the runs that a vanished engine left behind, unless it came back meanwhile. Gives their ids. */
export async function endStaleRuns(
  queries: Queries,
  engineId: string,
  before: string,
  cause: string,
  now: string,
): Promise<number[]> {
  const rows = await queries
    .updateTable('analysis_run')
    .set({
      run_status: statusNumber('error'),
      run_error_kind: 'engine-stopped' satisfies ErrorKind,
      run_error: cause,
      run_end_date: now,
      last_updated_date: now,
    })
    .where('run_status', 'in', LEASED)
    .where((where) =>
      where(
        'engine_id',
        'in',
        where
          .selectFrom('engine')
          .select('engine_id')
          .where('engine_id', '=', engineId)
          .where('lease_date', '<', before),
      ),
    )
    .returning('analysis_run_id')
    .execute()
  return rows.map((row) => row.analysis_run_id)
}

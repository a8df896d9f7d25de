import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { LaunchedRun, Run } from '../model/records.ts'
import type { ErrorKind, RunStatus } from '../model/status.ts'
import { ERROR_KINDS, RUN_STATUSES, statusNumber, statusOf } from '../model/status.ts'
import { parseConfiguration } from './configurations.ts'
import type { Queries } from './database.ts'

export interface NewRun {
  configId: string
  effective: DataMap
  source: string
}

interface Launch {
  workflow: { id: number; digest: string }
  analysis: { id: number }
}

/** How many rows go into one statement: databases limit the number of values. */
const BATCH = 500

/** Creates runs in state ready and gives their ids, in the order of `runs`. Each has a source of its own. */
export async function addRuns(
  queries: Queries,
  launch: Launch,
  runs: readonly NewRun[],
  now: string,
): Promise<number[]> {
  const idOf = new Map<string, number>()
  for (let start = 0; start < runs.length; start += BATCH) {
    const rows = await queries
      .insertInto('analysis_run')
      .values(runs.slice(start, start + BATCH).map((run) => rowOf(launch, run, now)))
      .returning(['analysis_run_id', 'source'])
      .execute()
    for (const row of rows) idOf.set(row.source, row.analysis_run_id)
  }
  return runs.flatMap((run) => idOf.get(run.source) ?? [])
}

function rowOf(launch: Launch, run: NewRun, now: string) {
  return {
    analysis_id: launch.analysis.id,
    workflow_id: launch.workflow.id,
    workflow_digest: launch.workflow.digest,
    config_id: run.configId,
    effective_config: JSON.stringify(run.effective),
    source: run.source,
    run_status: statusNumber('ready'),
    attempt: 0,
    created_date: now,
    last_updated_date: now,
  }
}

export interface RunFilter {
  analysisId?: number | undefined
  workflowId?: number | undefined
  status?: RunStatus | undefined
  errorKind?: ErrorKind | undefined
  engineId?: string | undefined
  ids?: readonly number[] | undefined
}

export async function listRuns(queries: Queries, filter: RunFilter): Promise<Run[]> {
  const rows = await selectRuns(queries, filter).orderBy('analysis_run_id').execute()
  return rows.map(runOf)
}

/** The run of that id, or a `UserError` that says there is none. */
export async function getRun(queries: Queries, id: number): Promise<LaunchedRun> {
  const row = await selectRuns(queries, { ids: [id] })
    .select('analysis_run.effective_config')
    .executeTakeFirst()
  if (row === undefined) {
    throw new UserError('unknown-run', `There is no analysis run ${id}.`, { hint: `'butler list-runs' shows them.` })
  }
  return { ...runOf(row), effective: parseConfiguration(row.effective_config) }
}

/** How many runs of an analysis are in each state. */
export async function countRuns(queries: Queries, analysisId: number): Promise<Record<RunStatus, number>> {
  const rows = await queries
    .selectFrom('analysis_run')
    .select(({ fn }) => ['run_status', fn.countAll<number>().as('count')])
    .where('analysis_id', '=', analysisId)
    .groupBy('run_status')
    .execute()
  const counts: Record<RunStatus, number> = { ready: 0, scheduled: 0, 'in-progress': 0, completed: 0, error: 0 }
  for (const row of rows) counts[statusOf(row.run_status)] = row.count
  return counts
}

function selectRuns(queries: Queries, filter: RunFilter) {
  let query = queries
    .selectFrom('analysis_run')
    .innerJoin('analysis', 'analysis.analysis_id', 'analysis_run.analysis_id')
    .innerJoin('workflow', 'workflow.workflow_id', 'analysis_run.workflow_id')
    .select([
      'analysis_run.analysis_run_id',
      'analysis_run.run_status',
      'analysis_run.analysis_id',
      'analysis.analysis_name',
      'analysis_run.workflow_id',
      'workflow.workflow_name',
      'workflow.workflow_version',
      'analysis_run.workflow_digest',
      'analysis_run.config_id',
      'analysis_run.source',
      'analysis_run.attempt',
      'analysis_run.created_date',
      'analysis_run.last_updated_date',
      'analysis_run.run_start_date',
      'analysis_run.run_end_date',
      'analysis_run.run_error_code',
      'analysis_run.run_error_kind',
      'analysis_run.run_error',
      'analysis_run.engine_id',
      'analysis_run.cancel_by',
    ])
  const { analysisId, workflowId, status, errorKind, engineId, ids } = filter
  if (analysisId !== undefined) query = query.where('analysis_run.analysis_id', '=', analysisId)
  if (workflowId !== undefined) query = query.where('analysis_run.workflow_id', '=', workflowId)
  if (status !== undefined) query = query.where('analysis_run.run_status', '=', statusNumber(status))
  if (errorKind !== undefined) query = query.where('analysis_run.run_error_kind', '=', errorKind)
  if (engineId !== undefined) query = query.where('analysis_run.engine_id', '=', engineId)
  if (ids !== undefined) query = query.where('analysis_run.analysis_run_id', 'in', ids)
  return query
}

type RunRow = Awaited<ReturnType<ReturnType<typeof selectRuns>['executeTakeFirstOrThrow']>>

function runOf(row: RunRow): Run {
  return {
    id: row.analysis_run_id,
    status: statusOf(row.run_status),
    analysis: { id: row.analysis_id, name: row.analysis_name },
    workflow: {
      id: row.workflow_id,
      name: row.workflow_name,
      version: row.workflow_version,
      digest: row.workflow_digest,
    },
    configId: row.config_id,
    source: row.source,
    attempt: row.attempt,
    created: row.created_date,
    updated: row.last_updated_date,
    started: row.run_start_date,
    ended: row.run_end_date,
    error: errorOf(row),
    engineId: row.engine_id,
    cancelledBy: row.cancel_by,
  }
}

function errorOf(row: RunRow): Run['error'] {
  const kind = ERROR_KINDS.find((known) => known === row.run_error_kind)
  if (kind === undefined || statusOf(row.run_status) !== RUN_STATUSES[4]) return null
  const exitCode = row.run_error_code
  return { kind, cause: row.run_error ?? '', ...(exitCode === null ? {} : { exitCode }) }
}

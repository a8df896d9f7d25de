import { existsSync } from 'node:fs'
import { totalmem } from 'node:os'
import type { DataMap } from '../../core/data.ts'
import { UserError, UserErrors, userErrorsOf } from '../../core/errors.ts'
import { effectiveConfiguration } from '../model/effective.ts'
import { configurationIdOfFile } from '../model/ids.ts'
import { contextOf, planRun } from '../model/plan.ts'
import type { Analysis, Run, Workflow } from '../model/records.ts'
import { formatSize } from '../model/size.ts'
import { readWorkflow, type WorkflowDefinition } from '../model/workflow.ts'
import { getAnalysis } from '../store/analyses.ts'
import { findConfiguration } from '../store/configurations.ts'
import type { Queries } from '../store/database.ts'
import { addRuns, listRuns, type NewRun } from '../store/runs.ts'
import { setScheduled } from '../store/transitions.ts'
import { getWorkflow } from '../store/workflows.ts'
import { keepConfiguration } from './create.ts'
import { WRITTEN_BY_HAND } from '../engines/airflow/dag.ts'
import { engineFor } from './engine-for.ts'
import { keptFolder } from './kept.ts'
import { type FoundRun, readRunFolder } from './run-folder.ts'
import { type Tracker, timeOf } from './tracker.ts'

export interface LaunchRequest {
  workflowId: number
  analysisId: number
  folder: string
  idFromFilename: boolean
}

export interface Launched {
  workflow: Workflow
  analysis: Analysis
  /** The engine that is to work the runs off. One of this machine is entered, not started. */
  engineId: string
  runIds: number[]
  /** Files whose runs were launched before, with those runs. */
  known: { source: string; run: Run }[]
  /** Files of the folder that are no configurations. */
  ignored: readonly string[]
}

interface PreparedRun extends FoundRun {
  effective: DataMap
  id: string | undefined
}

/**
 * Makes one run of each configuration file in the folder. Everything is read and checked before the first run is made,
 * and all are made in one transaction: either the whole folder is launched or nothing.
 */
export async function launch(tracker: Tracker, request: LaunchRequest): Promise<Launched> {
  const { queries } = tracker.database
  const workflow = await getWorkflow(queries, request.workflowId)
  const analysis = await getAnalysis(queries, request.analysisId)
  const definition = await keptDefinition(tracker, workflow)
  const { runs: found, ignored } = await readRunFolder(request.folder)
  const levels = [
    await findConfiguration(queries, workflow.configId),
    await findConfiguration(queries, analysis.configId),
  ]
  const prepared = prepare(found, levels, request.idFromFilename)
  if (definition !== undefined) checkPlans(tracker, definition, prepared, workflow, analysis)

  const now = await timeOf(tracker.database)
  return queries.transaction().execute(async (transaction) => {
    const rows: NewRun[] = []
    for (const run of prepared) {
      const configId = await keepConfiguration(transaction, run, now)
      rows.push({ configId, effective: run.effective, source: run.source })
    }
    // After the configurations: of two launches of one folder the second has waited for the first at theirs.
    const known = request.idFromFilename ? await launchedBefore(transaction, rows, workflow, analysis) : []
    const fresh = rows.filter((run) => !known.some(({ source }) => source === run.source))
    const runIds = await addRuns(transaction, { workflow, analysis }, fresh, now)
    const engineId = await engineFor(tracker, transaction, now)
    await setScheduled(transaction, runIds, engineId, now)
    return { workflow, analysis, engineId, runIds, known, ignored }
  })
}

/** The tasks as they were when the workflow was created; nothing of a DAG that was written by hand. */
async function keptDefinition(tracker: Tracker, workflow: Workflow): Promise<WorkflowDefinition | undefined> {
  if (workflow.digest === WRITTEN_BY_HAND) return undefined
  const folder = keptFolder(tracker.config.kept, workflow.digest)
  if (existsSync(folder)) return readWorkflow(folder)
  throw new UserError(
    'workflow-not-here',
    `Workflow ${workflow.id} ('${workflow.name}' ${workflow.version}) was created on another machine: ${folder} is not here.`,
    { hint: `Create it here too, with the same configuration: it keeps its id. 'butler create-workflow --help'` },
  )
}

function prepare(
  found: readonly FoundRun[],
  levels: readonly (DataMap | undefined)[],
  idFromFilename: boolean,
): PreparedRun[] {
  const errors: UserError[] = []
  const fileOf = new Map<string, string>()
  const prepared = found.map((run) => {
    const id = idFromFilename ? collect(errors, () => configurationIdOfFile(run.file)) : undefined
    const other = id === undefined ? undefined : fileOf.get(id)
    if (other !== undefined) {
      errors.push(
        new UserError('double-id', `Two files are named after the configuration ${id}; the other one is ${other}.`, {
          at: { file: run.file },
        }),
      )
    }
    if (id !== undefined) fileOf.set(id, run.file)
    return { ...run, id, effective: effectiveConfiguration([...levels, run.config]) }
  })
  if (errors.length > 0) throw new UserErrors(errors)
  return prepared
}

/** Makes every command of every run once, so that a missing value is told now and not by a task in an hour. */
function checkPlans(
  { config }: Tracker,
  definition: WorkflowDefinition,
  runs: readonly PreparedRun[],
  workflow: Workflow,
  analysis: Analysis,
): void {
  const errors: UserError[] = []
  for (const run of runs) {
    const context = contextOf(run.effective, { id: 0, attempt: 1 }, workflow, analysis)
    const own: UserError[] = []
    collect(own, () => planRun(definition, context))
    errors.push(
      ...own.map(
        (error) => new UserError(error.code, `${run.file}: ${error.message}`, { hint: error.hint, at: error.at }),
      ),
    )
  }
  for (const { name, resources } of definition.tasks) {
    // What other machines have, Airflow must know.
    if (config.engine.kind !== 'local' || resources.memory <= totalmem()) continue
    const message = `Task '${name}' needs ${formatSize(resources.memory)} of memory; this machine has ${formatSize(totalmem())}.`
    errors.push(new UserError('too-large', message, { at: definition.placeOf(['tasks', name, 'resources', 'memory']) }))
  }
  if (errors.length > 0) throw new UserErrors(errors)
}

/**
 * With ids from file names, a file that was launched before in the same analysis and workflow is not launched again: a
 * folder to which samples were added can be launched as a whole.
 */
async function launchedBefore(
  queries: Queries,
  runs: readonly NewRun[],
  workflow: Workflow,
  analysis: Analysis,
): Promise<Launched['known']> {
  const sourceOf = new Map(runs.map((run) => [run.configId, run.source]))
  const all = await listRuns(queries, { workflowId: workflow.id, analysisId: analysis.id })
  return all.flatMap((run) => {
    const source = sourceOf.get(run.configId)
    return source === undefined ? [] : [{ source, run }]
  })
}

function collect<Result>(errors: UserError[], run: () => Result): Result | undefined {
  try {
    return run()
  } catch (thrown) {
    const found = userErrorsOf(thrown)
    if (found === undefined) throw thrown
    errors.push(...found)
    return undefined
  }
}

import { mkdir, writeFile } from 'node:fs/promises'
import { userErrorsOf } from '../../../core/errors.ts'
import type { RunEvent } from '../../model/event.ts'
import { planRun, type PlannedTask } from '../../model/plan.ts'
import type { LaunchedRun } from '../../model/records.ts'
import type { RunError } from '../../model/status.ts'
import { readWorkflow } from '../../model/workflow.ts'
import { keptFolder } from '../../api/kept.ts'
import type { TaskSurroundings } from './task.ts'
import { runTask } from './task.ts'
import { runFolders } from './folders.ts'
import { runGraph } from './graph.ts'
import { ENGINE_VARIABLE } from './leftovers.ts'
import type { Slots } from './slots.ts'

export interface WorkOptions {
  run: LaunchedRun
  engineId: string
  slots: Slots
  workdir: string
  kept: string
  signal: AbortSignal
  log(event: RunEvent): void
  began: TaskSurroundings['began']
  ended: TaskSurroundings['ended']
}

/** Does all that one run is; gives what went wrong, or nothing when it completed. Its state is the caller's. */
export async function workOff(options: WorkOptions): Promise<RunError | undefined> {
  const { run, signal } = options
  const folders = runFolders(options.workdir, run.id, run.attempt)
  await mkdir(folders.work, { recursive: true })
  await writeFile(folders.config, `${JSON.stringify(run.effective, null, 2)}\n`)
  const workflowFolder = keptFolder(options.kept, run.workflow.digest)
  const tasks = await planned(run, folders.work, workflowFolder)
  if (!Array.isArray(tasks)) return tasks
  const around: TaskSurroundings = {
    slots: options.slots,
    cwd: folders.work,
    env: environment(options, folders.config, workflowFolder),
    signal,
    log: (event) => options.log(event),
    began: options.began,
    ended: options.ended,
  }
  const failures = await runGraph(
    tasks,
    (task) => runTask(task, around),
    (task, cause) => options.log({ type: 'task-skipped', task: task.id, cause }),
  )
  const [first] = failures
  if (first === undefined) return undefined
  const others = failures.length === 1 ? '' : ` (and ${failures.length - 1} more)`
  const exitCode = first.exitCode === undefined ? {} : { exitCode: first.exitCode }
  return { kind: first.kind, cause: `Task '${first.id}' failed: ${first.cause}${others}.`, ...exitCode }
}

async function planned(run: LaunchedRun, work: string, folder: string): Promise<PlannedTask[] | RunError> {
  try {
    return planRun(await readWorkflow(folder), {
      config: run.effective,
      run: { id: run.id, attempt: run.attempt, folder: work },
      workflow: { name: run.workflow.name, version: run.workflow.version, folder },
      analysis: run.analysis,
    })
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return { kind: 'not-started', cause: errors.map((error) => error.message).join(' ') }
  }
}

/** What the tasks see: the surroundings in which the engine was started, and what this run is. */
function environment(options: WorkOptions, config: string, workflow: string): TaskSurroundings['env'] {
  return {
    ...process.env,
    // The database is the tracker's own.
    PGPASSWORD: undefined,
    [ENGINE_VARIABLE]: options.engineId,
    BUTLER_ANALYSIS_RUN_ID: String(options.run.id),
    BUTLER_ATTEMPT: String(options.run.attempt),
    BUTLER_CONFIG: config,
    BUTLER_WORKFLOW: workflow,
  }
}

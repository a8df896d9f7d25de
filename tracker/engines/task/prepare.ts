import { mkdir, writeFile } from 'node:fs/promises'
import { planRun, type PlannedTask } from '../../model/plan.ts'
import type { LaunchedRun } from '../../model/records.ts'
import { readWorkflow } from '../../model/workflow.ts'
import { runFolders } from './folders.ts'

/** What a machine must know of a run to do a task of it. */
export type RunToDo = Pick<LaunchedRun, 'id' | 'attempt' | 'workflow' | 'analysis' | 'effective'>

export interface PreparedRun {
  tasks: PlannedTask[]
  /** The working directory of its tasks. */
  cwd: string
  /** What its tasks see of it, as `BUTLER_…` variables. */
  env: Readonly<Record<string, string>>
}

/** Makes the folders of a run on this machine and plans its tasks; throws `UserErrors` when it can't be planned. */
export async function prepareRun(run: RunToDo, workdir: string, workflowFolder: string): Promise<PreparedRun> {
  const { work, config } = runFolders(workdir, run.id, run.attempt)
  await mkdir(work, { recursive: true })
  await writeFile(config, `${JSON.stringify(run.effective, null, 2)}\n`)
  const tasks = planRun(await readWorkflow(workflowFolder), {
    config: run.effective,
    run: { id: run.id, attempt: run.attempt, folder: work },
    workflow: { name: run.workflow.name, version: run.workflow.version, folder: workflowFolder },
    analysis: run.analysis,
  })
  const env = {
    BUTLER_ANALYSIS_RUN_ID: String(run.id),
    BUTLER_ATTEMPT: String(run.attempt),
    BUTLER_CONFIG: config,
    BUTLER_WORKFLOW: workflowFolder,
  }
  return { tasks, cwd: work, env }
}

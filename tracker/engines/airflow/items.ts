import type { DataMap } from '../../../core/data.ts'
import { keptFolder } from '../../api/kept.ts'
import { type PlannedTask, planRun } from '../../model/plan.ts'
import type { Run } from '../../model/records.ts'
import { readWorkflow } from '../../model/workflow.ts'
import { WRITTEN_BY_HAND } from './dag.ts'

/** A run's tasks, as they are to be done. Empty for a DAG that was written by hand. */
export async function tasksOf(kept: string, run: Run, config: DataMap): Promise<PlannedTask[]> {
  const { id, attempt, workflow, analysis } = run
  if (workflow.digest === WRITTEN_BY_HAND) return []
  return planRun(await readWorkflow(keptFolder(kept, workflow.digest)), {
    config,
    run: { id, attempt, folder: '' },
    workflow: { name: workflow.name, version: workflow.version, folder: '' },
    analysis,
  })
}

/** The numbers of the instances of each task with `for_each`, from 0: Airflow makes as many of the task. */
export async function itemsOf(kept: string, run: Run, config: DataMap): Promise<Record<string, number[]>> {
  const { digest } = run.workflow
  if (digest === WRITTEN_BY_HAND) return {}
  const planned = await tasksOf(kept, run, config)
  const { tasks } = await readWorkflow(keptFolder(kept, digest))
  const mapped = tasks.filter(({ forEach }) => forEach !== undefined)
  return Object.fromEntries(
    mapped.map(({ name }) => [name, planned.filter(({ task }) => task === name).map((_, index) => index)]),
  )
}

import type { DataMap } from '../../../core/data.ts'
import { keptFolder } from '../../api/kept.ts'
import { contextOf, type PlannedTask, planRun } from '../../model/plan.ts'
import type { Run } from '../../model/records.ts'
import { readWorkflow, type WorkflowDefinition } from '../../model/workflow.ts'
import { WRITTEN_BY_HAND } from './dag.ts'

/** A run's workflow, and its tasks as they are to be done. Neither has any of a DAG that was written by hand. */
export interface PlannedRun {
  tasks: WorkflowDefinition['tasks']
  planned: readonly PlannedTask[]
}

export async function tasksOf(kept: string, run: Run, config: DataMap): Promise<PlannedRun> {
  const { workflow, analysis } = run
  if (workflow.digest === WRITTEN_BY_HAND) return { tasks: [], planned: [] }
  const definition = await readWorkflow(keptFolder(kept, workflow.digest))
  return { tasks: definition.tasks, planned: planRun(definition, contextOf(config, run, workflow, analysis)) }
}

/** The numbers of the instances of each task with `for_each`, from 0: Airflow makes as many of the task. */
export function itemsIn({ tasks, planned }: PlannedRun): Record<string, number[]> {
  const mapped = tasks.filter(({ forEach }) => forEach !== undefined)
  return Object.fromEntries(
    mapped.map(({ name }) => [name, planned.filter(({ task }) => task === name).map((_, index) => index)]),
  )
}

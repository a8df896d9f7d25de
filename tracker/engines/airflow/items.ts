import type { DataMap } from '../../../core/data.ts'
import { keptFolder } from '../../api/kept.ts'
import { planRun } from '../../model/plan.ts'
import type { Run } from '../../model/records.ts'
import { readWorkflow } from '../../model/workflow.ts'
import { WRITTEN_BY_HAND } from './dag.ts'

/**
 * The numbers of the instances of each task with `for_each`, from 0: Airflow makes as many of the task. Empty for a DAG that
 * was written by hand.
 */
export async function itemsOf(kept: string, run: Run, config: DataMap): Promise<Record<string, number[]>> {
  const { id, attempt, workflow, analysis } = run
  if (workflow.digest === WRITTEN_BY_HAND) return {}
  const definition = await readWorkflow(keptFolder(kept, workflow.digest))
  const planned = planRun(definition, {
    config,
    run: { id, attempt, folder: '' },
    workflow: { name: workflow.name, version: workflow.version, folder: '' },
    analysis,
  })
  const mapped = definition.tasks.filter(({ forEach }) => forEach !== undefined)
  return Object.fromEntries(
    mapped.map(({ name }) => [name, planned.filter(({ task }) => task === name).map((_, index) => index)]),
  )
}

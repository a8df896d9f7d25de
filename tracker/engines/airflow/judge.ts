import type { RunEvent } from '../../model/event.ts'
import type { RunError } from '../../model/status.ts'
import type { AirflowApi, TaskInstance } from './api.ts'

/** Why a run failed whose tasks told nothing of it: one was killed, or never came to its program. */
export function failureOf(
  tasks: readonly TaskInstance[],
  lastOf: (task: string) => { where: string; quoted: string },
): RunError {
  const failed = tasks.filter(({ state }) => state === 'failed')
  const [first] = failed
  if (first === undefined) return { kind: 'task-failed', cause: 'Somebody has marked it as failed in Airflow.' }
  const told = lastOf(nameOf(first))
  const where = told.where === '' && first.host !== null ? ` on ${first.host}` : told.where
  const others = failed.length === 1 ? '' : ` (and ${failed.length - 1} more)`
  const cause = `Task '${nameOf(first)}' was killed${where}, or never came to its program${others}.${told.quoted}`
  return { kind: 'task-failed', cause }
}

/** What was not run, since something that it needs failed. */
export function skippedIn(tasks: readonly TaskInstance[]): RunEvent[] {
  return tasks
    .filter(({ state }) => state === 'upstream_failed')
    .map((task) => ({ type: 'task-skipped', task: nameOf(task), cause: 'what it needs did not complete' }))
}

/** What the tasks of a DAG that was written by hand did, by what Airflow has kept of it. */
export async function storyOf(api: AirflowApi, dag: string, run: string): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  for (const instance of await api.tasksOf(dag, run)) {
    const { state, attempt, host } = instance
    if (state !== 'success' && state !== 'failed') continue
    const task = nameOf(instance)
    const where = host === null ? {} : { host }
    events.push({ type: 'task-started', task, attempt, command: [], ...where })
    for (const text of await api.logOf(dag, run, instance))
      events.push({ type: 'output', task, stream: 'stdout', text })
    const ok = state === 'success'
    const cause = ok ? null : 'Airflow has it as failed'
    events.push({ type: 'task-ended', task, attempt, ok, cause, ms: 0, again: false })
  }
  return events
}

/** As the tracker names it: `call[2]` for the third of a mapped task's instances. */
function nameOf({ task, index }: TaskInstance): string {
  return index < 0 ? task : `${task}[${index}]`
}

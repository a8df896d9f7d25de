import type { PlannedTask } from '../../model/plan.ts'
import type { TaskEnd } from '../task/attempt.ts'

/** A task that did not succeed, for the run's cause. */
export type FailedTask = Exclude<TaskEnd, { ok: true }> & { id: string }

/**
 * Runs all tasks, each as soon as what it needs has completed. A failure stops only what needs it: the rest goes on, so
 * that one attempt shows all that is wrong. Gives the failures in the order in which they happened.
 */
export async function runGraph(
  tasks: readonly PlannedTask[],
  run: (task: PlannedTask) => Promise<TaskEnd>,
  skipped: (task: PlannedTask, cause: string) => void,
): Promise<FailedTask[]> {
  const failures: FailedTask[] = []
  const ends = new Map<string, Promise<boolean>>()

  /** Whether every instance of a task completed; starts nothing twice. */
  const completed = (name: string): Promise<boolean> => {
    const known = ends.get(name)
    if (known !== undefined) return known
    const instances = tasks.filter((task) => task.task === name)
    const end = Promise.all(instances.map(begin)).then((oks) => oks.every(Boolean))
    ends.set(name, end)
    return end
  }

  const begin = async (task: PlannedTask): Promise<boolean> => {
    const needs = await Promise.all(task.needs.map(completed))
    const missing = task.needs.find((_, index) => needs[index] === false)
    if (missing !== undefined) {
      skipped(task, `'${missing}' did not complete`)
      return false
    }
    const end = await run(task)
    if (!end.ok) failures.push({ ...end, id: task.id })
    return end.ok
  }

  await Promise.all(tasks.map((task) => completed(task.task)))
  return failures
}

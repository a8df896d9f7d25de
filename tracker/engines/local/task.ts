import type { PlannedTask } from '../../model/plan.ts'
import type { AttemptEnd } from '../../store/attempts.ts'
import { runAttempt, type TaskEnd, type TaskSurroundings } from '../task/attempt.ts'
import type { Slots } from './slots.ts'

export interface TaskOptions {
  slots: Slots
  around: TaskSurroundings
  /** Keeps that an attempt has begun or ended. */
  began(task: string, attempt: number): Promise<void>
  ended(task: string, attempt: number, end: AttemptEnd): Promise<void>
}

/** Runs a task until it succeeds or has no retries left. */
export async function runTask(task: PlannedTask, options: TaskOptions): Promise<TaskEnd> {
  for (let attempt = 1; ; attempt++) {
    const end = await options.slots.use(task.resources, () => runKept(task, attempt, options))
    if (end.ok || attempt > task.retries || options.around.signal.aborted) return end
  }
}

async function runKept(task: PlannedTask, attempt: number, options: TaskOptions): Promise<TaskEnd> {
  const { around } = options
  if (!around.signal.aborted) await options.began(task.id, attempt)
  const end = await runAttempt(task, attempt, around)
  const exitCode = end.ok ? 0 : (end.exitCode ?? null)
  const cause = end.ok ? null : end.cause
  await options.ended(task.id, attempt, { state: end.ok ? 'completed' : 'error', exitCode, cause })
  return end
}

import type { PlannedTask } from '../../model/plan.ts'
import type { RunEvent } from '../../model/event.ts'
import type { ErrorKind } from '../../model/status.ts'
import { formatDuration } from '../../../core/text/duration.ts'
import type { AttemptEnd } from '../../store/attempts.ts'
import { type ProgramEnd, runProgram } from './program.ts'
import type { Slots } from './slots.ts'

/** What a task needs of the run that it belongs to. */
export interface TaskSurroundings {
  slots: Slots
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  log(event: RunEvent): void
  /** Keeps that an attempt has begun or ended. */
  began(task: string, attempt: number): Promise<void>
  ended(task: string, attempt: number, end: AttemptEnd): Promise<void>
}

export type TaskEnd = { ok: true } | { ok: false; kind: ErrorKind; cause: string; exitCode?: number }

/** Runs a task until it succeeds or has no retries left. */
export async function runTask(task: PlannedTask, around: TaskSurroundings): Promise<TaskEnd> {
  for (let attempt = 1; ; attempt++) {
    const end = await around.slots.use(task.resources, () => runAttempt(task, attempt, around))
    if (end.ok || attempt > task.retries || around.signal.aborted) return end
  }
}

async function runAttempt(task: PlannedTask, attempt: number, around: TaskSurroundings): Promise<TaskEnd> {
  if (around.signal.aborted) return { ok: false, kind: 'cancelled', cause: 'It was not started any more.' }
  await around.began(task.id, attempt)
  around.log({ type: 'task-started', task: task.id, attempt, command: task.command })
  const begin = performance.now()
  const program = await runProgram({
    command: task.command,
    cwd: around.cwd,
    env: environment(task, around),
    timeoutMs: task.timeoutMs,
    signal: around.signal,
    onLine: (stream, text) => around.log({ type: 'output', task: task.id, stream, text }),
  })
  const end = judge(program, task)
  const cause = end.ok ? null : end.cause
  const again = !end.ok && attempt <= task.retries && !around.signal.aborted
  const ms = Math.round(performance.now() - begin)
  around.log({ type: 'task-ended', task: task.id, attempt, ok: end.ok, cause, ms, again })
  const exitCode = program.how === 'exited' ? program.code : null
  await around.ended(task.id, attempt, { state: end.ok ? 'completed' : 'error', exitCode, cause })
  return end
}

function environment(task: PlannedTask, around: TaskSurroundings): TaskSurroundings['env'] {
  const item = task.item === undefined ? {} : { BUTLER_ITEM: itemText(task.item) }
  return { ...around.env, BUTLER_TASK: task.id, ...item }
}

function itemText(item: NonNullable<PlannedTask['item']> | null): string {
  return typeof item === 'string' ? item : JSON.stringify(item)
}

function judge(end: ProgramEnd, task: PlannedTask): TaskEnd {
  switch (end.how) {
    case 'exited':
      if (end.code === 0) return { ok: true }
      return { ok: false, kind: 'task-failed', cause: `it ended with exit code ${end.code}`, exitCode: end.code }
    case 'killed':
      return { ok: false, kind: 'task-failed', cause: `it was killed by ${end.signal}` }
    case 'timed-out':
      return { ok: false, kind: 'timed-out', cause: `it ran longer than ${formatDuration(task.timeoutMs ?? 0)}` }
    case 'aborted':
      return { ok: false, kind: 'cancelled', cause: 'it was ended from outside' }
    case 'not-started':
  }
  return { ok: false, kind: 'task-failed', cause: end.cause }
}

import type { PlannedTask } from '../../model/plan.ts'
import type { RunEvent } from '../../model/event.ts'
import type { ErrorKind } from '../../model/status.ts'
import { formatDuration } from '../../../core/text/duration.ts'
import { type ProgramEnd, runProgram } from './program.ts'

/** What a task needs of the run that it belongs to. */
export interface TaskSurroundings {
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  /** The name of this machine, when others do tasks too. */
  host?: string
  log(event: RunEvent): void
}

export type TaskEnd = { ok: true } | { ok: false; kind: ErrorKind; cause: string; exitCode?: number }

/** Runs the program of a task once. Attempts count from 1. */
export async function runAttempt(task: PlannedTask, attempt: number, around: TaskSurroundings): Promise<TaskEnd> {
  if (around.signal.aborted) return { ok: false, kind: 'cancelled', cause: 'It was not started any more.' }
  const { host } = around
  around.log({
    type: 'task-started',
    task: task.id,
    attempt,
    command: task.command,
    ...(host === undefined ? {} : { host }),
  })
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
  const exitCode = program.how === 'exited' ? { exitCode: program.code } : {}
  around.log({ type: 'task-ended', task: task.id, attempt, ok: end.ok, cause, ...exitCode, ms, again })
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

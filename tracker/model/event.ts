import type { ErrorKind } from './status.ts'

/** What happens in one attempt of a run, in order; `run-started` comes first, `run-ended` last. */
export type RunEvent =
  | { type: 'run-started'; attempt: number; source: string }
  /** `host` when an engine gives tasks to several machines. */
  | { type: 'task-started'; task: string; attempt: number; command: readonly string[]; host?: string }
  /** One line, without its end. */
  | { type: 'output'; task: string; stream: 'stdout' | 'stderr'; text: string }
  | TaskEnded
  | { type: 'task-skipped'; task: string; cause: string }
  | { type: 'run-ended'; status: 'completed'; ms: number }
  | { type: 'run-ended'; status: 'error'; kind: ErrorKind; cause: string; ms: number }

interface TaskEnded {
  type: 'task-ended'
  task: string
  attempt: number
  ok: boolean
  /** Part of a sentence: `it ended with exit code 3`. */
  cause: string | null
  /** When it ended by itself. */
  exitCode?: number
  ms: number
  /** It is tried once more. */
  again: boolean
}

/** As it stands in the run's log, one JSON text a line. */
export interface LoggedRunEvent {
  /** ISO 8601 with milliseconds, UTC. */
  time: string
  run: number
  event: RunEvent
}

import type { ErrorKind } from './status.ts'

/** What happens in one attempt of a run, in order; `run-started` comes first, `run-ended` last. */
export type RunEvent =
  | { type: 'run-started'; attempt: number; source: string }
  | { type: 'task-started'; task: string; attempt: number; command: readonly string[] }
  /** One line, without its end. */
  | { type: 'output'; task: string; stream: 'stdout' | 'stderr'; text: string }
  | { type: 'task-ended'; task: string; attempt: number; ok: boolean; cause: string | null; ms: number; again: boolean }
  | { type: 'task-skipped'; task: string; cause: string }
  | { type: 'run-ended'; status: 'completed'; ms: number }
  | { type: 'run-ended'; status: 'error'; kind: ErrorKind; cause: string; ms: number }

/** As it stands in the run's log, one JSON text a line. */
export interface LoggedRunEvent {
  /** ISO 8601 with milliseconds, UTC. */
  time: string
  run: number
  event: RunEvent
}

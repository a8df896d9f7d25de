import type { Data } from '../data.ts'
import type { ErrorData } from '../errors.ts'
import type { ChunkResult, Outcome, RunSummary } from './result.ts'

/**
 * What happens in a job on one target, from the runner through the protocol and the store to the terminal and the
 * browser. `received` comes first, `ended` last and once; everything in between only when there is something to run.
 */
export type RunEvent =
  | { type: 'received' }
  /** Waits for another state run of the same minion; `position` counts from 1. */
  | { type: 'queued'; position: number }
  | { type: 'started'; pid: number; chunks: number; test: boolean }
  | { type: 'chunk-started'; order: number; id: string; function: string; name: string }
  | { type: 'chunk-ended'; result: ChunkResult }
  /** A state with `fire_event` was done, or passed over: for programs that follow the job, by a name that its author chose. */
  | { type: 'fired'; tag: string; order: number; id: string; result: boolean | null; changed: boolean }
  /** A line for a person who watches, such as a decision (`debug`) or a program's output (`info`). */
  | { type: 'note'; level: 'debug' | 'info' | 'warning'; text: string }
  | { type: 'ended'; outcome: Outcome; cause: string; errors?: ErrorData[]; return?: Data; summary?: RunSummary }

/** An event as the minion writes it down and the master keeps it: numbered from 1 within a job and target. */
export interface LoggedEvent {
  seq: number
  /** ISO 8601 with milliseconds, by the minion's clock. */
  time: string
  event: RunEvent
}

import type { FunctionWork, StateWork } from '../../core/protocol/messages.ts'
import type { LowState } from '../../core/compile/low.ts'
import type { LoggedEvent, RunEvent } from '../../core/run/event.ts'
import type { RunReport } from '../../core/run/result.ts'
import type { JobTimes } from './times.ts'

/** Work as it is stored: whole, with references in place of secrets, so that a restarted master can send it again. */
export type StoredWork = FunctionWork | (Omit<StateWork, 'low'> & { low: LowState })

/** A job to be stored and then sent. */
export interface JobOrder {
  /** In words, for lists: `highstate`, `state.apply web`, `test.ping`. */
  title: string
  /** `operator`, `minion:<id>` or `orchestration:<jid>`. */
  by: string
  test: boolean
  /** The snapshot that state work was compiled from; empty for functions. */
  snapshot: string
  /** Each target's work; decided before anything is sent. */
  targets: ReadonlyMap<string, StoredWork>
  /** How long to wait for a minion's receipt, in milliseconds, before it counts as unreachable. */
  deliveryMs: number
  /** How long the work may take once it has started, in milliseconds. */
  runMs: number
}

/** Who sent the jobs of an orchestration, as a job says it in `by`. */
export function orchestratedBy(jid: string): string {
  return `orchestration:${jid}`
}

/** One event of a job on one target, as watchers see it. `number` orders all events of a job on the master. */
export interface JobEvent extends LoggedEvent {
  jid: string
  target: string
  number: number
}

export interface JobLine {
  jid: string
  title: string
  by: string
  test: boolean
  /** ISO 8601. */
  created: string
  ended: string | null
  /** How many targets have which outcome; `running` and `waiting` for those without one. */
  outcomes: Record<string, number>
}

export interface Jobs {
  /** Stores the job, starts its delivery and returns its jid at once. */
  submit(order: JobOrder): Promise<string>
  /** Past events from `after` on, then new ones, until every target has ended or the signal is aborted. */
  watch(jid: string, options: { after?: number; signal: AbortSignal }): AsyncIterable<JobEvent>
  report(jid: string): Promise<RunReport>
  list(options: { limit: number }): Promise<JobLine[]>
  /** Where its time went: by step, host and state. */
  times(jid: string): Promise<JobTimes>
  /** Cancels what has not ended. A minion that is away gets `cancelled` at once and the word when it is back. */
  cancel(jid: string): Promise<void>
  /** A job that the master itself runs (an orchestration): its only target is `master`. */
  record(order: Pick<JobOrder, 'title' | 'by' | 'test' | 'snapshot'>): Promise<OwnJob>
}

export interface OwnJob {
  jid: string
  /** Aborted by `jobs cancel`. */
  cancelled: AbortSignal
  emit(event: RunEvent): void
}

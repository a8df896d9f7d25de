import type { Data, DataMap } from '../data.ts'
import type { ErrorData } from '../errors.ts'

// The shapes of the JSON contract `butler.run/1`. Programs rely on them: they are only ever added to.

export type SkippedBy = 'requisite' | 'onchanges' | 'onfail' | 'prereq' | 'unless' | 'onlyif' | 'creates' | 'failhard'

/** What became of one chunk. */
export interface ChunkResult {
  id: string
  /** `file.managed`; for the late action of a `listen`, Salt's `<module>.mod_watch`. */
  function: string
  name: string
  sls: string
  /** Position in the run, from 0. */
  order: number
  /** `null`: it would change (only in a plan). */
  result: boolean | null
  /** Whether the state function itself was run. */
  ran: boolean
  skipped: SkippedBy | null
  /** Which guard, requisite or reference decided, in words: what `explain` and `-l debug` show. */
  why?: string
  /** A watch fired and the state acted on it. */
  mod_watch: boolean
  /** The late action of a `listen`, after all states. */
  listener: boolean
  changes: DataMap
  comment: string
  /** ISO 8601 with milliseconds, UTC. */
  started: string
  duration_ms: number
  /** In a plan: the ids of earlier chunks whose changes this one waits for. */
  after?: string[]
  warnings?: string[]
  attempts?: number
}

export interface RunSummary {
  total: number
  succeeded: number
  changed: number
  would_change: number
  skipped: number
  failed: number
  /** Chunks that were never begun: after a `failhard`, or when the run was stopped. Left out when there are none. */
  not_run?: number
}

export const OUTCOMES = [
  'succeeded',
  'failed',
  'refused',
  'unreachable',
  'timed-out',
  'cancelled',
  'interrupted',
] as const

/** How a job ended on one target. */
export type Outcome = (typeof OUTCOMES)[number]

export interface TargetResult {
  /** `null` only while the job has not ended there. */
  outcome: Outcome | null
  /** Why it ended so, in words; empty when it succeeded. */
  cause: string
  jid: string
  snapshot: string
  results: ChunkResult[]
  summary: RunSummary
  /** The answer of an execution function. */
  return?: Data
}

export interface RunReport {
  schema: 'butler.run/1'
  ok: boolean
  test: boolean
  errors: ErrorData[]
  targets: Record<string, TargetResult>
}

/** `chunks` is how many were to be run, when that is known. */
export function summarize(results: readonly ChunkResult[], chunks = 0): RunSummary {
  const count = (is: (result: ChunkResult) => boolean): number => results.filter(is).length
  const notRun = chunks - count((result) => !result.listener)
  return {
    total: results.length,
    succeeded: count((result) => result.result !== false),
    changed: count((result) => result.result !== null && Object.keys(result.changes).length > 0),
    would_change: count((result) => result.result === null),
    skipped: count((result) => result.skipped !== null),
    failed: count((result) => result.result === false),
    ...(notRun > 0 ? { not_run: notRun } : {}),
  }
}

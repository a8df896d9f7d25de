import type { RunEvent } from '../../core/run/event.ts'
import { summarize, type ChunkResult, type Outcome, type RunReport, type TargetResult } from '../../core/run/result.ts'

/** What is stored of one target of a job, its events in the order of the minion. */
export interface TargetHistory {
  target: string
  outcome: Outcome | null
  cause: string
  events: readonly { event: RunEvent; late: boolean }[]
}

/** What happened in a job, in the shape of the JSON contract. `ok` only when every target ended well. */
export function reportOf(
  job: { jid: string; test: boolean; snapshot: string },
  targets: readonly TargetHistory[],
): RunReport {
  return {
    schema: 'butler.run/1',
    ok: targets.every((target) => target.outcome === 'succeeded'),
    test: job.test,
    errors: targets.flatMap(({ events }) =>
      events.flatMap(({ event }) => (event.type === 'ended' ? (event.errors ?? []) : [])),
    ),
    targets: Object.fromEntries(targets.map((target) => [target.target, targetResult(job, target)])),
  }
}

function targetResult(job: { jid: string; snapshot: string }, history: TargetHistory): TargetResult {
  const results = history.events.flatMap(({ event }) => (event.type === 'chunk-ended' ? [event.result] : []))
  const ends = history.events.flatMap(({ event, late }) => (event.type === 'ended' ? [{ ...event, late }] : []))
  const answer = ends.find((end) => end.return !== undefined)?.return
  return {
    outcome: history.outcome,
    cause: causeOf(history.cause, ends),
    jid: job.jid,
    snapshot: job.snapshot,
    results: [...results].sort(byPosition),
    summary: summarize(results),
    ...(answer === undefined ? {} : { return: answer }),
  }
}

/** Outcomes are final; what the minion said after all is told beside them. */
function causeOf(cause: string, ends: readonly { outcome: Outcome; late: boolean }[]): string {
  const late = ends.find((end) => end.late)
  return late === undefined ? cause : `${cause}; reported later: ${late.outcome}`
}

function byPosition(a: ChunkResult, b: ChunkResult): number {
  return Number(a.listener) - Number(b.listener) || a.order - b.order
}

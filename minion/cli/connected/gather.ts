import type { ErrorData } from '../../../core/errors.ts'
import type { RunEvent } from '../../../core/run/event.ts'
import { summarize, type TargetResult } from '../../../core/run/result.ts'

/** What a job's events say of it so far. */
export interface Gathered {
  target: TargetResult
  test: boolean
  errors: ErrorData[]
}

export function gather(jid: string, events: readonly RunEvent[]): Gathered {
  const results = events.flatMap((event) => (event.type === 'chunk-ended' ? [event.result] : []))
  const end = events.find((event) => event.type === 'ended')
  const target: TargetResult = {
    outcome: end?.outcome ?? null,
    cause: end?.cause ?? 'It has not ended yet.',
    jid,
    snapshot: '',
    results,
    summary: end?.summary ?? summarize(results),
    ...(end?.return === undefined ? {} : { return: end.return }),
  }
  return { target, test: events.some((event) => event.type === 'started' && event.test), errors: end?.errors ?? [] }
}

import type { LoggedEvent, RunEvent } from '../../core/run/event.ts'
import { summarize, type ChunkResult } from '../../core/run/result.ts'
import type { ErrorData } from '../../core/errors.ts'

/** How far a job had come, by what was written down. */
export interface Progress {
  /** How many chunks it has; `undefined` when it had not begun. */
  chunks: number | undefined
  done: ChunkResult[]
  /** Begun, and nobody knows how they ended. */
  inFlight: (RunEvent & { type: 'chunk-started' })[]
  /** When what was in flight began, or the last thing that is known. */
  since: Date
}

export function progressOf(events: readonly LoggedEvent[]): Progress {
  const started = events.find(({ event }) => event.type === 'started')?.event
  const done = events.flatMap(({ event }) => (event.type === 'chunk-ended' ? [event.result] : []))
  const orders = new Set(done.map((result) => result.order))
  const open = events.filter(({ event }) => event.type === 'chunk-started' && !orders.has(event.order))
  return {
    chunks: started?.type === 'started' ? started.chunks : undefined,
    done,
    inFlight: open.flatMap(({ event }) => (event.type === 'chunk-started' ? [event] : [])),
    since: new Date(open[0]?.time ?? events.at(-1)?.time ?? 0),
  }
}

type Ended = RunEvent & { type: 'ended' }

/**
 * The end of a job that could not tell its end itself. What was in flight is unknown: it may have happened, in part or
 * whole, and whoever reads this must look.
 */
export function endedFor(progress: Progress, why: { outcome: Ended['outcome']; cause: string }): Ended {
  const { chunks, done, inFlight } = progress
  const names = inFlight.map((chunk) => `${chunk.function} '${chunk.id}'`)
  const parts = [
    why.cause,
    chunks === undefined || chunks === 0 ? '' : `${done.length} of ${chunks} states were done.`,
    names.length === 0 ? '' : `What became of ${names.join(', ')} is unknown.`,
  ]
  const errors = inFlight.map(unknownChunk)
  return {
    type: 'ended',
    outcome: why.outcome,
    cause: parts.filter(Boolean).join(' '),
    ...(errors.length > 0 ? { errors } : {}),
    ...(chunks === undefined ? {} : { summary: summarize(done) }),
  }
}

function unknownChunk(chunk: RunEvent & { type: 'chunk-started' }): ErrorData {
  return {
    code: 'chunk-unknown',
    message: `${chunk.function} '${chunk.id}' (${chunk.name}) was in flight: whether it was done is unknown.`,
    hint: 'A plan shows what is left to do.',
  }
}

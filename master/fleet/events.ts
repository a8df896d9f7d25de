import { z } from 'zod'
import { isMap, type Data, type DataMap } from '../../core/data.ts'
import type { LoggedEvent, RunEvent } from '../../core/run/event.ts'
import { OUTCOMES, type ChunkResult } from '../../core/run/result.ts'

// The shapes of what minions report. Terminals and browsers print it without another look.

const data = z.custom<Data>((value) => value !== undefined)
const dataMap = z.custom<DataMap>(isMap, 'must be a map')
const count = z.int().nonnegative()
const texts = z.array(z.string())

const place = z.object({ file: z.string(), line: count.exactOptional(), column: count.exactOptional() })

const errorData = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().exactOptional(),
  at: place.exactOptional(),
})

const chunkResult: z.ZodType<ChunkResult> = z.object({
  id: z.string(),
  function: z.string(),
  name: z.string(),
  sls: z.string(),
  order: count,
  result: z.boolean().nullable(),
  ran: z.boolean(),
  skipped: z.enum(['requisite', 'onchanges', 'onfail', 'prereq', 'unless', 'onlyif', 'creates', 'failhard']).nullable(),
  why: z.string().exactOptional(),
  mod_watch: z.boolean(),
  listener: z.boolean(),
  changes: dataMap,
  comment: z.string(),
  started: z.string(),
  duration_ms: z.number(),
  after: texts.exactOptional(),
  warnings: texts.exactOptional(),
  attempts: count.exactOptional(),
})

const summary = z.object({
  total: count,
  succeeded: count,
  changed: count,
  would_change: count,
  skipped: count,
  failed: count,
})

const known = z.discriminatedUnion('type', [
  z.object({ type: z.literal('received') }),
  z.object({ type: z.literal('queued'), position: count }),
  z.object({ type: z.literal('started'), pid: count, chunks: count, test: z.boolean() }),
  z.object({
    type: z.literal('chunk-started'),
    order: count,
    id: z.string(),
    function: z.string(),
    name: z.string(),
  }),
  z.object({ type: z.literal('chunk-ended'), result: chunkResult }),
  z.object({
    type: z.literal('fired'),
    tag: z.string(),
    order: count,
    id: z.string(),
    result: z.boolean().nullable(),
    changed: z.boolean(),
  }),
  z.object({ type: z.literal('note'), level: z.enum(['debug', 'info', 'warning']), text: z.string() }),
  z.object({
    type: z.literal('ended'),
    outcome: z.enum(OUTCOMES),
    cause: z.string(),
    errors: z.array(errorData).exactOptional(),
    return: data.exactOptional(),
    summary: summary.exactOptional(),
  }),
])

/** What a newer minion tells and this master does not know: kept as a note, since events must have no gaps. */
const unknown = z
  .looseObject({ type: z.string().max(100) })
  .refine((event) => !known.options.some((option) => option.shape.type.value === event.type))
  .transform((event): RunEvent => ({
    type: 'note',
    level: 'debug',
    text: `(an event of a newer minion: ${event.type})`,
  }))

export const runEvent: z.ZodType<RunEvent> = z.union([known, unknown])

export const loggedEvent: z.ZodType<LoggedEvent> = z.object({
  seq: z.int().positive(),
  time: z.iso.datetime({ precision: 3 }),
  event: runEvent,
})

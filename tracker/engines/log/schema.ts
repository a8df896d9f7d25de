import { z } from 'zod'
import type { RunEvent } from '../../model/event.ts'
import { ERROR_KINDS } from '../../model/status.ts'

/** What happens in a run, as it stands in a log or comes over the network. */
export const runEvent: z.ZodType<RunEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-started'), attempt: z.number(), source: z.string() }),
  z.object({
    type: z.literal('task-started'),
    task: z.string(),
    attempt: z.number(),
    command: z.array(z.string()),
    host: z.string().exactOptional(),
  }),
  z.object({ type: z.literal('output'), task: z.string(), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  z.object({
    type: z.literal('task-ended'),
    task: z.string(),
    attempt: z.number(),
    ok: z.boolean(),
    cause: z.string().nullable(),
    exitCode: z.number().exactOptional(),
    ms: z.number(),
    again: z.boolean(),
  }),
  z.object({ type: z.literal('task-skipped'), task: z.string(), cause: z.string() }),
  z.discriminatedUnion('status', [
    z.object({ type: z.literal('run-ended'), status: z.literal('completed'), ms: z.number() }),
    z.object({
      type: z.literal('run-ended'),
      status: z.literal('error'),
      kind: z.enum(ERROR_KINDS),
      cause: z.string(),
      ms: z.number(),
    }),
  ]),
])

export const loggedRunEvent = z.object({ time: z.string(), run: z.number(), event: runEvent })

import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { ERROR_KINDS } from '../../model/status.ts'
import type { LoggedRunEvent } from '../../model/event.ts'

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-started'), attempt: z.number(), source: z.string() }),
  z.object({ type: z.literal('task-started'), task: z.string(), attempt: z.number(), command: z.array(z.string()) }),
  z.object({ type: z.literal('output'), task: z.string(), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  z.object({
    type: z.literal('task-ended'),
    task: z.string(),
    attempt: z.number(),
    ok: z.boolean(),
    cause: z.string().nullable(),
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

const logged = z.object({ time: z.string(), run: z.number(), event })

/** One line of a log, or of an engine's output; nothing when it is cut off, as after a kill. */
export function parseLine(line: string): LoggedRunEvent | undefined {
  try {
    return logged.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** How often a log that is followed is looked at, in milliseconds. */
const LOOK = 200

/**
 * The events of a log, in order. While `goesOn` says so, waits for more at its end; it is asked before each look, so that
 * what was written before it said no is still given.
 */
export async function* readLog(path: string, goesOn: () => Promise<boolean>): AsyncGenerator<LoggedRunEvent> {
  let position = 0
  let rest = ''
  const decoder = new TextDecoder()
  for (;;) {
    const more = await goesOn()
    for await (const chunk of chunksFrom(path, position)) {
      position += chunk.length
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const event = parseLine(line)
        if (event !== undefined) yield event
      }
    }
    if (!more) return
    await wait(LOOK)
  }
}

async function* chunksFrom(path: string, position: number): AsyncGenerator<Buffer> {
  // A run that has not begun has no log yet.
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return
  try {
    for await (const chunk of file.createReadStream({ start: position, autoClose: false })) {
      if (Buffer.isBuffer(chunk)) yield chunk
    }
  } finally {
    await file.close()
  }
}

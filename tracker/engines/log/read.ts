import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { LoggedRunEvent } from '../../model/event.ts'
import { loggedRunEvent } from './schema.ts'

/** One line of a log, or of an engine's output; nothing when it is cut off, as after a kill. */
export function parseLine(line: string): LoggedRunEvent | undefined {
  try {
    return loggedRunEvent.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** How often a log that is followed is looked at, in milliseconds. */
const LOOK = 200

/** Reads a log that may still be written to, piece by piece. */
export class LogReader {
  readonly #path: string
  readonly #decoder = new TextDecoder()
  #position = 0
  #rest = ''

  constructor(path: string) {
    this.#path = path
  }

  /** The events that were written since the last call, in order. */
  async *more(): AsyncGenerator<LoggedRunEvent> {
    for await (const chunk of chunksFrom(this.#path, this.#position)) {
      this.#position += chunk.length
      const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) {
        const event = parseLine(line)
        if (event !== undefined) yield event
      }
    }
  }
}

/**
 * The events of a log, in order. While `goesOn` says so, waits for more at its end; it is asked before each look, so that
 * what was written before it said no is still given.
 */
export async function* readLog(path: string, goesOn: () => Promise<boolean>): AsyncGenerator<LoggedRunEvent> {
  const reader = new LogReader(path)
  for (;;) {
    const more = await goesOn()
    yield* reader.more()
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

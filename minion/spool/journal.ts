import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { LoggedEvent, RunEvent } from '../../core/run/event.ts'
import { lineOf, wholeEvents } from './lines.ts'
import { shorten } from './shorten.ts'

/**
 * The events of one job on disk: one JSON line each, numbered from 1, only appended to, and by one process at a time.
 * What has happened must be known after a power cut too, so results are synced; what only tells of the way is not.
 */
export class Journal implements Disposable {
  readonly #descriptor: number
  readonly #now: () => Date
  #last: LoggedEvent | undefined
  /** In bytes, up to the end of the last whole line. */
  #size: number

  /** Opens or makes it. A line that a crash tore is cut off: its event was never seen by anybody. */
  constructor(file: string, now: () => Date = () => new Date()) {
    this.#descriptor = openSync(file, 'a+', 0o600)
    this.#now = now
    const bytes = readFileSync(this.#descriptor)
    const { events, length } = wholeEvents(bytes)
    if (length < bytes.length) ftruncateSync(this.#descriptor, length)
    this.#size = length
    this.#last = events.at(-1)
  }

  get ended(): boolean {
    return this.#last?.event.type === 'ended'
  }

  /** Throws when the disk is full; then nothing was written. Nothing follows `ended`. */
  append(event: RunEvent): void {
    if (this.ended) throw new Error(`'${event.type}' after the end of the job`)
    const logged = { seq: (this.#last?.seq ?? 0) + 1, time: this.#now().toISOString(), event: shorten(event) }
    this.#write(Buffer.from(lineOf(logged)))
    this.#last = logged
    if (event.type === 'chunk-ended' || event.type === 'ended') this.sync()
  }

  sync(): void {
    fsyncSync(this.#descriptor)
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }

  #write(line: Buffer): void {
    try {
      for (let at = 0; at < line.length;) at += writeSync(this.#descriptor, line, at)
      this.#size += line.length
    } catch (error) {
      // A full disk takes half a line too.
      ftruncateSync(this.#descriptor, this.#size)
      throw error
    }
  }
}

/** All events that are whole; none when there is no such file. */
export function readEvents(file: string): LoggedEvent[] {
  try {
    return wholeEvents(readFileSync(file)).events
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

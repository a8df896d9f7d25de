import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LoggedRunEvent, RunEvent } from '../../model/event.ts'

/** The log of one attempt of a run: each event is in the file before anybody is told of it. */
export class RunLog {
  readonly #run: number
  readonly #file: number
  readonly #tell: (event: LoggedRunEvent) => void
  /** The last line has no end: the disk was full, or whoever wrote it was killed. What follows begins a line of its own. */
  #isTorn: boolean

  constructor(run: number, path: string, tell: (event: LoggedRunEvent) => void) {
    mkdirSync(dirname(path), { recursive: true })
    this.#run = run
    this.#isTorn = existsSync(path) && !endsWithLine(path)
    this.#file = openSync(path, 'a')
    this.#tell = tell
  }

  /** Throws when the disk is full. */
  write(event: RunEvent): void {
    const logged: LoggedRunEvent = { time: new Date().toISOString(), run: this.#run, event }
    const line = `${this.#isTorn ? '\n' : ''}${JSON.stringify(logged)}\n`
    this.#isTorn = true
    // A file takes all of it, or the disk is full: then some of it may be written.
    if (writeSync(this.#file, line) < Buffer.byteLength(line)) throw new Error('The disk is full.')
    this.#isTorn = false
    this.#tell(logged)
  }

  close(): void {
    closeSync(this.#file)
  }
}

function endsWithLine(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (size === 0) return true
    const last = Buffer.alloc(1)
    // A device has no size and no last byte.
    return readSync(file, last, 0, 1, size - 1) === 0 || last.toString() === '\n'
  } finally {
    closeSync(file)
  }
}

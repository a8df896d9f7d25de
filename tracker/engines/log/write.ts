import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LoggedRunEvent, RunEvent } from '../../model/event.ts'

/** The log of one attempt of a run: each event is in the file before anybody is told of it. */
export class RunLog {
  readonly #run: number
  readonly #file: number
  readonly #tell: (event: LoggedRunEvent) => void

  constructor(run: number, path: string, tell: (event: LoggedRunEvent) => void) {
    mkdirSync(dirname(path), { recursive: true })
    this.#run = run
    this.#file = openSync(path, 'a')
    this.#tell = tell
  }

  /** Throws when the disk is full. */
  write(event: RunEvent): void {
    const logged: LoggedRunEvent = { time: new Date().toISOString(), run: this.#run, event }
    writeSync(this.#file, `${JSON.stringify(logged)}\n`)
    this.#tell(logged)
  }

  close(): void {
    closeSync(this.#file)
  }
}

import type { RunEvent } from '../../core/run/event.ts'
import type { Outcome } from '../../core/run/result.ts'
import type { Log } from '../log.ts'
import { readEvents } from '../spool/journal.ts'
import { claim, type Spool } from '../spool/spool.ts'
import { endedFor, progressOf } from './interrupted.ts'
import { processStart } from './process.ts'

/** Why a job ended that could not say so itself. */
export interface Why {
  outcome: Outcome
  cause: string
}

/** How long until a job's end is written again after the disk refused it, in milliseconds. */
const RETRY_MS = 5000

/** Writes the ends of jobs that did not end by themselves. Every job gets one. */
export class Endings implements Disposable {
  readonly #spool: Spool
  readonly #log: Log
  readonly #retries = new Set<NodeJS.Timeout>()

  constructor(spool: Spool, log: Log) {
    this.#spool = spool
    this.#log = log
  }

  /** Ends a job that nobody has begun, and keeps everybody from it; `false` when a process has begun it. */
  unbegun(jid: string, why: Why): boolean {
    if (!this.claim(jid)) return false
    this.write(jid, { type: 'ended', ...why })
    return true
  }

  /** From here on no process can begin the job: its events are ours to write. */
  claim(jid: string): boolean {
    const own = { pid: process.pid, began: processStart(process.pid) ?? '', at: new Date().toISOString() }
    return claim(this.#spool.folderOf(jid), own)
  }

  /** Ends a job whose process has died without a word. */
  cutShort(jid: string, why: Why): void {
    this.write(jid, endedFor(progressOf(readEvents(this.#spool.eventsOf(jid))), why))
  }

  /** A full disk is asked again: a job without an end would be waited for without end. */
  write(jid: string, event: RunEvent & { type: 'ended' }): void {
    try {
      this.#spool.end(jid, event)
    } catch (error) {
      this.#log.error("a job's end can't be written down; trying again", { jid, cause: String(error) })
      const retry = setTimeout(() => {
        this.#retries.delete(retry)
        this.write(jid, event)
      }, RETRY_MS)
      this.#retries.add(retry)
    }
  }

  [Symbol.dispose](): void {
    for (const retry of this.#retries) clearTimeout(retry)
  }
}

import { userErrorsOf } from '../../core/errors.ts'
import type { Session } from '../link/link.ts'
import type { Log } from '../log.ts'
import { forward } from './forward.ts'
import type { Spool } from './spool.ts'

/** How long the master may take to store a batch of events, in milliseconds. */
const STORE_MS = 60_000
/** How long to wait before a job's events are tried again that the master refused, in milliseconds. */
const AGAIN_MS = 5000
/** How long a confirmed job's folder stays: programs of this machine may still be reading it. In milliseconds. */
const LINGER_MS = 60_000

/** Tells the master everything that happens in the jobs of the spool, and lets go of what it has stored. */
export class Delivery implements Disposable {
  readonly #spool: Spool
  readonly #log: Log
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #confirmed = new Set<string>()
  /** Those that are being told on this connection. */
  #telling = new Set<string>()
  #session: Session | undefined

  constructor(spool: Spool, log: Log) {
    this.#spool = spool
    this.#log = log
  }

  /** Begins to tell of a job; without a connection that waits for the next one. */
  deliver(jid: string): void {
    if (this.#session === undefined || this.#session.signal.aborted || this.#telling.has(jid)) return
    this.#telling.add(jid)
    void this.#forward(jid, this.#session)
  }

  connected(session: Session): void {
    this.#session = session
    this.#telling = new Set()
    for (const { jid } of this.#spool.list()) this.deliver(jid)
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const jid of this.#confirmed) this.#spool.remove(jid)
  }

  async #forward(jid: string, { channel, signal }: Session): Promise<void> {
    try {
      const send = async (events: Parameters<typeof channel.ask<'events'>>[1]['events']): Promise<number> =>
        (await channel.ask('events', { jid, events }, { timeoutMs: STORE_MS })).stored
      if (await forward({ file: this.#spool.eventsOf(jid), send, signal })) this.#confirm(jid)
    } catch (error) {
      if (signal.aborted) return
      const cause = userErrorsOf(error)?.[0]?.message ?? String(error)
      this.#log.warn("the master does not store a job's events; trying again", { jid, cause })
      this.#later(AGAIN_MS, () => {
        this.#telling.delete(jid)
        this.deliver(jid)
      })
    }
  }

  #confirm(jid: string): void {
    this.#spool.confirm(jid)
    this.#confirmed.add(jid)
    this.#later(LINGER_MS, () => {
      this.#confirmed.delete(jid)
      this.#spool.remove(jid)
    })
  }

  #later(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, milliseconds)
    this.#timers.add(timer)
  }
}

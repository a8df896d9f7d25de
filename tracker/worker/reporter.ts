import { setTimeout as wait } from 'node:timers/promises'
import type { RunEvent } from '../model/event.ts'
import { isAway, type TrackerClient } from './tracker-client.ts'

/** How long events wait for others before they are sent, in milliseconds, and how many go at once. */
const GATHER = 200
const MOST = 2000

/** How often the tracker hears of a task that says nothing, in milliseconds. */
const HEARTBEAT = 5000

/** How many events wait for a tracker that is away; more lines than that are left out, and their number is told. */
const WAITING = 50_000

interface Options {
  client: TrackerClient
  task: string
  attempt: number
  /** How long the tracker may be away, in milliseconds, before the task ends: then others may have taken the run. */
  leaseMs: number
}

/** Brings the events of one attempt of a task to the tracker, in order, each once. */
export class Reporter {
  readonly #options: Options
  readonly #waiting: RunEvent[] = []
  readonly #stop = new AbortController()
  readonly #closing = new AbortController()
  readonly #work: Promise<void>
  #sent = 0
  #leftOut = 0

  constructor(options: Options) {
    this.#options = options
    this.#work = this.#send()
  }

  /** Aborted, with the reason, when the task is to end: its run has, or the tracker was away for too long. */
  get stop(): AbortSignal {
    return this.#stop.signal
  }

  add(event: RunEvent): void {
    if (event.type === 'output' && this.#waiting.length >= WAITING) {
      this.#leftOut++
      return
    }
    if (this.#leftOut > 0) {
      const text = `(${this.#leftOut} lines are left out here: the tracker was away.)`
      this.#leftOut = 0
      this.#waiting.push({ type: 'output', task: this.#options.task, stream: 'stderr', text })
    }
    this.#waiting.push(event)
  }

  /** Sends what is left, and returns when the tracker has it or will not have it. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#work
  }

  async #send(): Promise<void> {
    let heard = performance.now()
    while (!this.#stop.signal.aborted) {
      const isClosing = this.#closing.signal.aborted
      if (isClosing && this.#waiting.length === 0) return
      if (this.#waiting.length > 0 || performance.now() - heard > HEARTBEAT) {
        if (await this.#once()) heard = performance.now()
        else if (performance.now() - heard > this.#options.leaseMs) {
          this.#stop.abort(new Error('the tracker was away for too long'))
        }
      }
      if (!isClosing) await wait(GATHER, undefined, { signal: this.#closing.signal }).catch(() => {})
      else if (this.#waiting.length > 0) await wait(GATHER)
    }
  }

  /** False when the tracker is away. */
  async #once(): Promise<boolean> {
    const { client, task, attempt } = this.#options
    const events = this.#waiting.slice(0, MOST)
    try {
      const verdict = await client.report(task, attempt, this.#sent, events)
      this.#waiting.splice(0, events.length)
      this.#sent += events.length
      if (!verdict.go) this.#stop.abort(new Error(verdict.cause))
      return true
    } catch (error) {
      if (isAway(error)) return false
      this.#stop.abort(error)
      return true
    }
  }
}

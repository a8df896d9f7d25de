import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { HeldJob, JobMessage } from '../../core/protocol/messages.ts'
import type { RunEvent } from '../../core/run/event.ts'
import { isJid } from '../../core/run/jid.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Log } from '../log.ts'
import { readEvents } from '../spool/journal.ts'
import type { Spool } from '../spool/spool.ts'
import { Endings } from './endings.ts'
import type { FunctionOrder, Home, StateOrder } from './order.ts'
import { Queue, type StateJob } from './queue.ts'
import { Runs } from './runs.ts'

export interface WorkOptions {
  spool: Spool
  home: Home
  grains(): DataMap
  /** The execution functions that this agent has. */
  functions(): readonly string[]
  log: Log
  /** Called with every job that is on disk and must be told to the master. */
  spooled: (jid: string) => void
}

/** The jobs of this minion: each is written down, begun once, and has an end. One state run at a time. */
export class Work implements Disposable {
  readonly #options: WorkOptions
  readonly #endings: Endings
  readonly #runs: Runs
  readonly #queue = new Queue()
  /** Those that asked for the same as the running state run while it waited. */
  readonly #same = new Map<string, StateJob[]>()
  /** Received by an agent before us and never begun: what they were to do is not known any more. */
  readonly #lost = new Set<string>()

  constructor(options: WorkOptions) {
    this.#options = options
    this.#endings = new Endings(options.spool, options.log)
    this.#runs = new Runs({ ...options, endings: this.#endings, ended: (jid) => this.#ended(jid) })
  }

  /** Finds the jobs of the agent before us: still running, dead meanwhile, never begun, or ended and not yet told. */
  recover(): void {
    const { spool, spooled } = this.#options
    for (const job of spool.list()) {
      const claimed = spool.claimOf(job.jid)
      if (!spool.held(job.jid).ended) {
        if (claimed === undefined) this.#lost.add(job.jid)
        else this.#runs.adopt(job, claimed)
      }
      spooled(job.jid)
    }
  }

  /** What the master is told of us at every new connection. */
  held(): HeldJob[] {
    const { spool } = this.#options
    return spool.list().map(({ jid }) => ({ ...spool.held(jid), ...(this.#lost.has(jid) ? { lost: true } : {}) }))
  }

  /** What runs and what waits, for people. */
  jobs(): { jid: string; state: 'running' | 'waiting' }[] {
    return [
      ...this.#runs.jids().map((jid) => ({ jid, state: 'running' as const })),
      ...this.#queue.jids().map((jid) => ({ jid, state: 'waiting' as const })),
    ]
  }

  /**
   * Writes a job down and begins it, or lets it wait. When this returns it is on disk: that is the receipt. A jid that is
   * known already is never begun again.
   */
  receive(message: JobMessage): { received: true; position: number } {
    const { jid, work } = message
    if (!isJid(jid)) throw new UserError('bad-jid', `'${jid}' is no job id.`)
    const { spool } = this.#options
    if (spool.isDone(jid)) {
      throw new UserError('job-done', `The job ${jid} was done here before; no job is done twice.`)
    }
    if (spool.has(jid) && !this.#lost.has(jid)) return { received: true, position: this.#queue.position(jid) }
    if (work.kind === 'function') this.#checkFunction(work.function)
    if (!this.#lost.delete(jid)) this.#writeDown(message)
    if (isStateJob(message)) {
      this.#queue.add(message)
      this.#startNext()
    } else this.#runs.start(this.#orderFor(message))
    return { received: true, position: this.#queue.position(jid) }
  }

  /** Ends a job: gently, then not. Says whether there is such a job. */
  cancel(jid: string): { known: boolean } {
    const { spool } = this.#options
    if (!isJid(jid)) return { known: false }
    if (!this.#runs.stop(jid, { outcome: 'cancelled', cause: 'It was cancelled.' })) {
      const waited = this.#queue.remove(jid) || this.#lost.delete(jid)
      if (waited) this.#endUnbegun(jid, { outcome: 'cancelled', cause: 'It was cancelled before it began.' })
      this.#tellPositions()
    }
    return { known: spool.has(jid) || spool.isDone(jid) }
  }

  /** The master has not sent the lost jobs again, so nobody will. */
  giveUpLost(): void {
    for (const jid of this.#lost) {
      try {
        this.#endUnbegun(jid, { outcome: 'interrupted', cause: 'The minion restarted before it began. Run it again.' })
        this.#lost.delete(jid)
      } catch (error) {
        // At the next connection again.
        this.#options.log.error("a lost job can't be ended", { jid, cause: String(error) })
      }
    }
  }

  /** Lets go of everything; what runs goes on and is found again by the next agent. */
  [Symbol.dispose](): void {
    this.#runs[Symbol.dispose]()
    this.#endings[Symbol.dispose]()
  }

  #checkFunction(name: string): void {
    const known = this.#options.functions()
    if (known.includes(name)) return
    throw new UserError('unknown-function', `This minion has no function '${name}'.`, { hint: suggest(name, known) })
  }

  #writeDown({ jid, work, runMs }: JobMessage): void {
    const title = work.kind === 'function' ? work.function : work.test ? 'plan' : 'state run'
    try {
      this.#options.spool.receive({ jid, kind: work.kind, title, runMs })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new UserError('not-written-down', `The minion can't write the job down, so it does not begin it: ${why}.`, {
        hint: "Look at the disk that holds the minion's data, /var/lib/butler.",
        cause: error,
      })
    }
    this.#options.spooled(jid)
  }

  #orderFor({ jid, work, secrets, runMs }: JobMessage): StateOrder | FunctionOrder {
    const { home, spool } = this.#options
    const common = { jid, folder: spool.folderOf(jid), home, grains: this.#options.grains(), secrets, runMs }
    return work.kind === 'state'
      ? { ...common, kind: 'state', test: work.test, low: work.low, pillar: work.pillar }
      : { ...common, kind: 'function', function: work.function, args: work.args, pillar: work.pillar }
  }

  #startNext(): void {
    const next = this.#runs.jids('state').length === 0 ? this.#queue.next() : undefined
    if (next !== undefined) {
      this.#same.set(next.job.jid, next.same)
      this.#runs.start(this.#orderFor(next.job))
    }
    this.#tellPositions()
  }

  #tellPositions(): void {
    for (const jid of this.#queue.jids()) {
      const position = this.#queue.position(jid)
      const last = readEvents(this.#options.spool.eventsOf(jid)).at(-1)?.event
      if (last?.type !== 'queued' || last.position !== position) this.#note(jid, { type: 'queued', position })
    }
  }

  #ended(jid: string): void {
    const same = this.#same.get(jid) ?? []
    this.#same.delete(jid)
    this.#answerSame(jid, same)
    this.#startNext()
  }

  /** Those that asked for the same get the same answer; when it was cut short, they run themselves. */
  #answerSame(jid: string, same: readonly StateJob[]): void {
    if (same.length === 0) return
    const events = readEvents(this.#options.spool.eventsOf(jid)).map(({ event }) => event)
    const end = events.at(-1)
    const answered = end?.type === 'ended' && (end.outcome === 'succeeded' || end.outcome === 'failed')
    for (const job of same) {
      if (!answered || !this.#answerWith(events, { from: jid, to: job.jid })) this.#queue.add(job)
    }
  }

  /** `false` when the disk does not take it; then the job has to run itself. */
  #answerWith(events: readonly RunEvent[], jids: { from: string; to: string }): boolean {
    try {
      if (this.#endings.claim(jids.to)) this.#copy(events, jids)
      return true
    } catch (error) {
      this.#options.log.warn("a job can't be answered by another's run", { jid: jids.to, cause: String(error) })
      return false
    }
  }

  #copy(events: readonly RunEvent[], { from, to }: { from: string; to: string }): void {
    this.#note(to, {
      type: 'note',
      level: 'info',
      text: `The run of job ${from}, which asked for the same, answers this.`,
    })
    for (const event of events) {
      if (event.type === 'ended') this.#endings.write(to, event)
      else if (event.type !== 'received' && event.type !== 'queued') this.#note(to, event)
    }
  }

  #endUnbegun(jid: string, why: Parameters<Endings['unbegun']>[1]): void {
    const { spool } = this.#options
    if (this.#endings.unbegun(jid, why)) return
    // A process that an agent before us had started has begun it after all.
    const claimed = spool.claimOf(jid)
    const job = spool.list().find((each) => each.jid === jid)
    if (claimed !== undefined && job !== undefined) this.#runs.adopt(job, claimed)
  }

  #note(jid: string, event: RunEvent): void {
    try {
      this.#options.spool.note(jid, event)
    } catch (error) {
      this.#options.log.warn("an event can't be written down", { jid, cause: String(error) })
    }
  }
}

function isStateJob(message: JobMessage): message is StateJob {
  return message.work.kind === 'state'
}

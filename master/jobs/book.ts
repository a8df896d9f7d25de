import type { RunEvent } from '../../core/run/event.ts'
import type { RunReport } from '../../core/run/result.ts'
import { UserErrors, type UserError, userErrorsOf } from '../../core/errors.ts'
import type { Store } from '../store/store.ts'
import type { Writer } from '../store/writer.ts'
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts'
import { listJobs, openStep, pruneJobs, reportJob, requireJob, timesOfJob } from './history.ts'
import { Jids } from './jid.ts'
import type { JobTimes } from './times.ts'
import type { JobEvent, JobLine, JobOrder, Jobs, OwnJob } from './jobs.ts'
import { Ledger } from './ledger.ts'
import { Bells, watchJob } from './watch.ts'
import { checkSize } from './work.ts'

export interface JobBookOptions extends Omit<DispatcherOptions, 'ledger' | 'changed'> {
  store: Store
  writer: Writer
  /** The time of day in ms: for ids and for people. */
  now: () => number
  /** What is kept: so many jobs, and none older than this. */
  keep: { jobs: number; ageMs: number }
}

const PRUNE_MS = 3_600_000

/** All jobs: stored before they are sent, delivered, watched, and ended whatever happens. */
export class JobBook implements Jobs {
  readonly #options: JobBookOptions
  readonly #ledger: Ledger
  readonly #dispatcher: Dispatcher
  readonly #bells = new Bells()
  readonly #jids: Jids
  readonly #own = new Map<string, AbortController>()
  readonly #closing = new AbortController()
  #pruning: NodeJS.Timeout | undefined

  constructor(options: JobBookOptions) {
    this.#options = options
    this.#ledger = new Ledger(options.store, options.writer, options.now)
    this.#jids = new Jids(options.now)
    this.#dispatcher = new Dispatcher({
      ...options,
      ledger: this.#ledger,
      changed: (jid) => this.#bells.ring(jid),
    })
  }

  /** Takes up what was open when the last master ended. To be called before the port opens. */
  async resume(): Promise<void> {
    const unfinished = await this.#ledger.unfinished()
    for (const row of unfinished.filter((each) => each.own)) {
      const step = await openStep(this.#options.store, row.jid)
      const cause = `the master stopped ${step === undefined ? 'between two steps' : `while it was at '${step}'`}`
      await this.#ledger.finish(row.jid, row.target, 'interrupted', cause)
    }
    await this.#dispatcher.resume(
      unfinished.filter((each) => !each.own),
      this.#options.now(),
    )
    await this.#prune()
    this.#pruning = setInterval(() => void this.#prune(), PRUNE_MS)
  }

  async submit(order: JobOrder): Promise<string> {
    checkSizes(order)
    const jid = this.#jids.next()
    await this.#ledger.add(jid, order)
    this.#dispatcher.begin(jid, order)
    return jid
  }

  watch(jid: string, options: { after?: number; signal: AbortSignal }): AsyncIterable<JobEvent> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    return watchJob(this.#options.store, this.#bells, jid, { after: options.after ?? 0, signal })
  }

  async report(jid: string): Promise<RunReport> {
    return reportJob(this.#options.store, jid)
  }

  async times(jid: string): Promise<JobTimes> {
    return timesOfJob(this.#options.store, jid, this.#options.now())
  }

  async list(options: { limit: number }): Promise<JobLine[]> {
    return listJobs(this.#options.store, options.limit)
  }

  async cancel(jid: string): Promise<void> {
    const { ended } = await requireJob(this.#options.store, jid)
    if (ended !== null) return
    await this.#ledger.cancel(jid)
    this.#own.get(jid)?.abort()
    await this.#dispatcher.cancel(jid)
  }

  async record(order: Pick<JobOrder, 'title' | 'by' | 'test' | 'snapshot'>): Promise<OwnJob> {
    const jid = this.#jids.next()
    await this.#ledger.addOwn(jid, order)
    const controller = new AbortController()
    this.#own.set(jid, controller)
    const count = { seq: 0 }
    return { jid, cancelled: controller.signal, emit: (event) => this.#emit(jid, ++count.seq, event) }
  }

  /** What a minion may fetch by a digest: only what its own open jobs name. */
  async mayFetch(id: string, digest: string): ReturnType<Dispatcher['mayFetch']> {
    return this.#dispatcher.mayFetch(id, digest)
  }

  /** Whether an open job of this minion gives it a certificate for just these names. */
  mayCertify(id: string, names: readonly string[]): boolean {
    return this.#dispatcher.mayCertify(id, names)
  }

  /** Ends the watching and waits until everything is on the disk. Open jobs stay open: the next master goes on with them. */
  async close(): Promise<void> {
    clearInterval(this.#pruning)
    this.#closing.abort()
    this.#dispatcher.close()
    await this.#options.writer.idle()
  }

  #emit(jid: string, seq: number, event: RunEvent): void {
    const logged = { seq, time: new Date(this.#options.now()).toISOString(), event }
    if (event.type === 'ended') this.#own.delete(jid)
    this.#ledger.append(jid, 'master', [logged], true).then(
      () => this.#bells.ring(jid),
      (error: unknown) => this.#options.log.error('an event could not be stored', { jid, error: String(error) }),
    )
  }

  async #prune(): Promise<void> {
    const { store, keep, now, log } = this.#options
    const removed = await pruneJobs(store, { jobs: keep.jobs, since: now() - keep.ageMs })
    if (removed > 0) log.info('old jobs removed', { jobs: removed })
  }
}

function checkSizes(order: JobOrder): void {
  const errors: UserError[] = []
  for (const [id, work] of order.targets) {
    try {
      checkSize(id, work)
    } catch (error) {
      errors.push(...(userErrorsOf(error) ?? []))
    }
  }
  if (errors.length > 0) throw new UserErrors(errors)
}

import { performance } from 'node:perf_hooks'
import { userErrorsOf } from '../../core/errors.ts'
import type { HeldJob, Hello, ToMaster } from '../../core/protocol/messages.ts'
import { secretNames } from '../../core/secret.ts'
import type { Outcome } from '../../core/run/result.ts'
import type { Data } from '../../core/data.ts'
import { formatDuration } from '../../core/text/duration.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Log } from '../log.ts'
import type { Ledger, Unfinished } from './ledger.ts'
import type { JobOrder } from './jobs.ts'
import { dueAt, openTarget, type OpenTarget } from './open.ts'
import { OpenTargets } from './open-targets.ts'
import { lowText, messageOf } from './work.ts'

/** The values of secrets for one minion; throws a `UserError` when it may not have one. */
export type SecretsFor = (id: string, names: readonly string[]) => Promise<Record<string, string>>

export interface DispatcherOptions {
  fleet: Fleet
  ledger: Ledger
  log: Log
  secretsFor: SecretsFor
  /** When a minion was heard of last, in words. */
  lastSeen: (id: string) => string
  /** Called when something of a job was stored. */
  changed: (jid: string) => void
  graceMs: number
}

/** How long a receipt may take before the job is sent again. */
const RECEIPT_MS = 30_000
const RETRY_MS = 2000
/** What a restarted master gives its minions to come back, whatever a job's own deadline still leaves. */
const RETURN_MS = 30_000
/** Node's timers hold no more. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Errors that say something about the way to the minion, nothing about its answer. */
const ON_THE_WAY = new Set(['not-connected', 'connection-lost', 'no-answer', 'too-many-questions', 'busy'])

/**
 * Brings open jobs to their minions and every one of them to an end. What it knows is in the ledger too: it begins with
 * what a killed master left there.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #open = new OpenTargets()
  /** Those whose hello has been compared with the ledger: only they are sent anything. */
  readonly #ready = new Set<string>()
  readonly #awaySince = new Map<string, number>()
  readonly #begun = performance.now()
  #closed = false

  constructor(options: DispatcherOptions) {
    this.#options = options
    const { fleet, log } = options
    fleet.answer('events', (id, report) => this.#report(id, report))
    fleet.onConnect((id, hello) => {
      void this.#meet(id, hello).catch((error: unknown) => {
        log.error('the jobs of a minion could not be compared', { minion: id, error: String(error) })
        fleet.drop(id, 'its jobs could not be compared')
      })
    })
    fleet.onDisconnect((id) => {
      this.#ready.delete(id)
      this.#awaySince.set(id, performance.now())
      for (const target of this.#open.of(id)) this.#arm(target)
    })
  }

  /** Takes up what a master before this one left open. `now` is the time of day in ms. */
  async resume(unfinished: readonly Unfinished[], now: number): Promise<void> {
    const ago = (time: number): number => performance.now() - Math.max(0, now - time)
    for (const row of unfinished) {
      const { jid, target: id, work } = row
      if (work === undefined) continue
      const patience = performance.now() + Math.min(RETURN_MS, row.delivery_ms)
      const target: OpenTarget = {
        ...openTarget(jid, id, work, { deliveryMs: row.delivery_ms, runMs: row.run_ms }),
        deliverUntil: Math.max(ago(row.created) + row.delivery_ms, patience),
        received: row.received === null ? undefined : ago(row.received),
        started: row.started === null ? undefined : ago(row.started),
      }
      this.#open.add(target)
      if (row.cancelled) await this.#finish(target, 'cancelled', 'cancelled; the minion gets the word when it is back')
      else this.#arm(target)
    }
  }

  /** Starts the delivery of a job that is in the ledger. */
  begin(jid: string, order: Pick<JobOrder, 'targets' | 'deliveryMs' | 'runMs'>): void {
    for (const [id, work] of order.targets) {
      const target = openTarget(jid, id, work, order)
      this.#open.add(target)
      this.#arm(target)
      void this.#deliver(target)
    }
  }

  async cancel(jid: string): Promise<void> {
    await Promise.all(this.#open.ofJob(jid).map((target) => this.#cancel(target)))
  }

  /** What a minion may fetch by a digest: only what its own open jobs name. */
  async mayFetch(id: string, digest: string): Promise<{ low: string } | 'file' | undefined> {
    const targets = this.#open.of(id)
    const whole = targets.find((target) => target.digests.low === digest)
    if (whole !== undefined) {
      const work = await this.#options.ledger.work(whole.jid, id)
      return work === undefined || work.kind === 'function' ? undefined : { low: lowText(work) }
    }
    return targets.some((target) => target.digests.files.has(digest)) ? 'file' : undefined
  }

  /** Whether an open job of this minion gives it a certificate for just these names. */
  mayCertify(id: string, names: readonly string[]): boolean {
    return this.#open.of(id).some((target) => target.digests.certified.has(names.join(',')))
  }

  close(): void {
    this.#closed = true
    for (const target of this.#open.all()) clearTimeout(target.timer)
  }

  /** A minion has come: its own list of jobs and the ledger are brought together before anything is sent. */
  async #meet(id: string, hello: Hello): Promise<void> {
    this.#awaySince.delete(id)
    const held = new Map(hello.jobs.map((job) => [job.jid, job]))
    for (const job of held.values()) await this.#compare(id, job)
    for (const target of this.#open.of(id)) {
      if (target.received === undefined || held.has(target.jid)) this.#arm(target)
      else await this.#finish(target, 'interrupted', 'the minion acknowledged it and no longer knows of it')
    }
    this.#ready.add(id)
    for (const target of this.#open.of(id)) void this.#deliver(target)
  }

  async #compare(id: string, held: HeldJob): Promise<void> {
    const target = this.#open.get(id, held.jid)
    if (target !== undefined) {
      if (held.lost === true && !held.ended) target.received = undefined
      else await this.#received(target)
      return
    }
    if (held.ended) return
    const fate = await this.#options.ledger.fate(held.jid, id)
    const mayGoOn = fate !== undefined && fate.received !== null && fate.outcome !== 'cancelled' && held.lost !== true
    // Whoever asked was told that nothing of it happens, or nobody asked: the minion must not begin it now.
    if (!mayGoOn) void this.#tellCancelled(held.jid, id)
  }

  async #deliver(target: OpenTarget): Promise<void> {
    const { id, jid } = target
    if (!this.#ready.has(id) || target.received !== undefined || target.sending || !this.#open.has(target)) return
    target.sending = true
    try {
      const work = await this.#options.ledger.work(jid, id)
      if (work === undefined) return
      // A pillar only shows its secrets; values go along for what is done with them. What is plain JSON in the ledger is
      // data.
      const used = work.kind === 'function' ? work.args : (work.low as unknown as Data)
      const names = [...secretNames(used)].sort()
      const secrets = names.length === 0 ? {} : await this.#options.secretsFor(id, names)
      const message = { jid, work: messageOf(work, target.digests), secrets, runMs: target.runMs }
      await this.#options.fleet.ask(id, 'job', message, { timeoutMs: RECEIPT_MS })
      if (this.#open.has(target)) await this.#received(target)
      else void this.#tellCancelled(jid, id)
    } catch (error) {
      await this.#notDelivered(target, error)
    } finally {
      target.sending = false
    }
  }

  async #notDelivered(target: OpenTarget, error: unknown): Promise<void> {
    const [said] = userErrorsOf(error) ?? []
    if (said !== undefined && ON_THE_WAY.has(said.code)) {
      setTimeout(() => void this.#deliver(target), RETRY_MS).unref()
    } else if (said === undefined) {
      this.#options.log.error('a job could not be sent', { jid: target.jid, minion: target.id, error: String(error) })
      await this.#finish(target, 'failed', 'a bug kept the master from sending it: see its log')
    } else {
      const cause = said.hint === undefined ? said.message : `${said.message} ${said.hint}`
      await this.#finish(target, said.code === 'bug' ? 'failed' : 'refused', cause)
    }
  }

  async #received(target: OpenTarget): Promise<void> {
    if (target.received === undefined) {
      target.received = performance.now()
      await this.#options.ledger.received(target.jid, target.id)
      this.#options.changed(target.jid)
    }
    this.#arm(target)
  }

  async #report(id: string, report: ToMaster['events']['question']): Promise<{ stored: number }> {
    const { jid, events } = report
    const appended = await this.#options.ledger.append(jid, id, events, false)
    // Nobody knows this job here (any more): the minion may forget it.
    if (appended === undefined) return { stored: Math.max(0, ...events.map((event) => event.seq)) }
    const target = this.#open.get(id, jid)
    if (target !== undefined) {
      if (appended.received) target.received ??= performance.now()
      if (appended.started) target.started ??= performance.now()
      if (appended.ended) this.#open.remove(target)
      else this.#arm(target)
    }
    this.#options.changed(jid)
    return { stored: appended.stored }
  }

  async #cancel(target: OpenTarget): Promise<void> {
    if (target.received === undefined) {
      await this.#finish(target, 'cancelled', 'cancelled before the minion acknowledged it')
    } else if (!this.#ready.has(target.id)) {
      await this.#finish(target, 'cancelled', 'cancelled; the minion is away and gets the word when it is back')
    } else {
      target.cancelled ??= performance.now()
      this.#arm(target)
      void this.#tellCancelled(target.jid, target.id)
    }
  }

  async #tellCancelled(jid: string, id: string): Promise<void> {
    try {
      const { known } = await this.#options.fleet.ask(id, 'job.cancel', { jid }, { timeoutMs: RECEIPT_MS })
      const target = this.#open.get(id, jid)
      if (known || target === undefined) return
      await this.#finish(target, 'cancelled', 'cancelled; the minion no longer knew of it')
    } catch (error) {
      // It gets the word after its next hello.
      this.#options.log.warn('a minion does not know yet that a job is cancelled', {
        jid,
        minion: id,
        error: String(error),
      })
    }
  }

  #arm(target: OpenTarget): void {
    clearTimeout(target.timer)
    if (this.#closed || !this.#open.has(target)) return
    const due = dueAt(target, this.#awayOf(target.id), this.#options.graceMs)
    if (due === undefined) return
    const wait = Math.max(0, due - performance.now())
    target.timer = setTimeout(() => this.#ring(target), Math.min(wait, LONGEST_TIMER))
  }

  #ring(target: OpenTarget): void {
    const due = dueAt(target, this.#awayOf(target.id), this.#options.graceMs)
    if (due === undefined || due > performance.now()) this.#arm(target)
    else void this.#giveUp(target)
  }

  async #giveUp(target: OpenTarget): Promise<void> {
    const { id, jid } = target
    const isHere = this.#awayOf(id) === undefined
    if (target.received === undefined) {
      const after = formatDuration(target.deliveryMs)
      const why = isHere ? 'though it is connected' : `it is not connected, ${this.#options.lastSeen(id)}`
      await this.#finish(target, 'unreachable', `not acknowledged within ${after}: ${why}`)
    } else if (target.cancelled !== undefined) {
      await this.#finish(target, 'cancelled', 'cancelled; the minion has not confirmed it')
    } else if (isHere) {
      void this.#tellCancelled(jid, id)
      const after = formatDuration(target.runMs)
      await this.#finish(target, 'timed-out', `the minion is connected but reported no end within ${after}`)
    } else await this.#finish(target, 'unreachable', `acknowledged, ${this.#options.lastSeen(id)}`)
  }

  async #finish(target: OpenTarget, outcome: Outcome, cause: string): Promise<void> {
    this.#open.remove(target)
    try {
      await this.#options.ledger.finish(target.jid, target.id, outcome, cause)
      this.#options.changed(target.jid)
    } catch (error) {
      // A full disk: nobody may be told of an outcome that is not stored. The next master takes it up if this one can't.
      this.#options.log.error('an outcome could not be stored', { jid: target.jid, error: String(error) })
      if (this.#closed) return
      setTimeout(() => void this.#finish(target, outcome, cause), RETRY_MS).unref()
    }
  }

  #awayOf(id: string): number | undefined {
    return this.#options.fleet.isConnected(id) ? undefined : (this.#awaySince.get(id) ?? this.#begun)
  }
}

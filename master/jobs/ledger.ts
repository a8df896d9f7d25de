import { z } from 'zod'
import type { LoggedEvent } from '../../core/run/event.ts'
import type { Outcome } from '../../core/run/result.ts'
import type { Store } from '../store/store.ts'
import type { Writer } from '../store/writer.ts'
import type { JobOrder, StoredWork } from './jobs.ts'

/** The master's own verdict stands before all that the minion numbers. */
const VERDICT = 0
/** A minion that reports more events for one job has run mad: its job then ends by its deadline. */
const MAX_EVENTS = 500_000

/** Our own JSON, as `add` wrote it. */
const storedWork = z.custom<StoredWork>()

export interface Appended {
  /** All events up to this seq are on the disk. */
  stored: number
  received: boolean
  started: boolean
  ended: boolean
}

/** What of a job has not ended yet, as a restarted master finds it. */
export interface Unfinished {
  jid: string
  target: string
  own: boolean
  cancelled: boolean
  work: StoredWork | undefined
  delivery_ms: number
  run_ms: number
  created: number
  received: number | null
  started: number | null
}

/** Writes what happens to jobs; what a promise here resolved is on the disk. */
export class Ledger {
  readonly #store: Store
  readonly #writer: Writer
  readonly #now: () => number

  constructor(store: Store, writer: Writer, now: () => number) {
    this.#store = store
    this.#writer = writer
    this.#now = now
  }

  async add(jid: string, order: JobOrder): Promise<void> {
    await this.#insert(jid, order, false, [...order.targets])
  }

  async addOwn(jid: string, order: Pick<JobOrder, 'title' | 'by' | 'test' | 'snapshot'>): Promise<void> {
    await this.#insert(jid, { ...order, deliveryMs: 0, runMs: 0 }, true, [['master', undefined]])
  }

  async work(jid: string, target: string): Promise<StoredWork | undefined> {
    const row = await this.#store
      .selectFrom('job_targets')
      .select('work')
      .where('jid', '=', jid)
      .where('target', '=', target)
      .executeTakeFirst()
    return row?.work === undefined || row.work === null ? undefined : storedWork.parse(JSON.parse(row.work))
  }

  async unfinished(): Promise<Unfinished[]> {
    const rows = await this.#store
      .selectFrom('job_targets')
      .innerJoin('jobs', 'jobs.jid', 'job_targets.jid')
      .select(['jobs.jid', 'target', 'own', 'cancelled', 'work', 'delivery_ms', 'run_ms', 'created'])
      .select(['received', 'started'])
      .where('outcome', 'is', null)
      .execute()
    return rows.map((row) => ({
      ...row,
      own: row.own === 1,
      cancelled: row.cancelled === 1,
      work: row.work === null ? undefined : storedWork.parse(JSON.parse(row.work)),
    }))
  }

  /** What the store says of a job of which the minion holds something. */
  async fate(jid: string, target: string): Promise<{ outcome: Outcome | null; received: number | null } | undefined> {
    return this.#store
      .selectFrom('job_targets')
      .select(['outcome', 'received'])
      .where('jid', '=', jid)
      .where('target', '=', target)
      .executeTakeFirst()
  }

  async received(jid: string, target: string): Promise<void> {
    await this.#writer.write(async (transaction) => {
      await transaction
        .updateTable('job_targets')
        .set({ received: this.#now() })
        .where('jid', '=', jid)
        .where('target', '=', target)
        .where('received', 'is', null)
        .execute()
    })
  }

  async cancel(jid: string): Promise<void> {
    await this.#writer.write((transaction) =>
      transaction.updateTable('jobs').set({ cancelled: 1 }).where('jid', '=', jid).execute(),
    )
  }

  /** Stores those of the events that continue what is stored; others come again. `undefined`: it has no such job. */
  async append(
    jid: string,
    target: string,
    events: readonly LoggedEvent[],
    own: boolean,
  ): Promise<Appended | undefined> {
    return this.#writer.write(async (transaction) => {
      const row = await transaction
        .selectFrom('job_targets')
        .innerJoin('jobs', 'jobs.jid', 'job_targets.jid')
        .select(['stored', 'outcome', 'received', 'started', 'job_targets.ended'])
        .where('jobs.jid', '=', jid)
        .where('target', '=', target)
        .where('own', '=', own ? 1 : 0)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const fresh = following(row.stored, events)
      const end = fresh.map(({ event }) => event).find((event) => event.type === 'ended')
      const decides = row.outcome === null && end !== undefined
      const stored = row.stored + fresh.length
      const starts = fresh.some(({ event }) => event.type === 'started')
      if (fresh.length > 0) {
        await insertEvents(transaction, { jid, target, late: row.outcome !== null }, fresh)
        await transaction
          .updateTable('job_targets')
          .set({
            stored,
            received: row.received ?? this.#now(),
            started: row.started ?? (starts ? this.#now() : null),
            ...(decides ? { outcome: end.outcome, cause: end.cause, ended: this.#now(), work: null } : {}),
          })
          .where('jid', '=', jid)
          .where('target', '=', target)
          .execute()
      }
      if (decides) await this.#endJob(transaction, jid)
      return { stored, received: fresh.length > 0, started: starts, ended: decides }
    })
  }

  /** The master's verdict; false when the target had ended already. */
  async finish(jid: string, target: string, outcome: Outcome, cause: string): Promise<boolean> {
    return this.#writer.write(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('job_targets')
        .set({ outcome, cause, ended: this.#now(), work: null })
        .where('jid', '=', jid)
        .where('target', '=', target)
        .where('outcome', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      const verdict = { seq: VERDICT, time: new Date(this.#now()).toISOString() }
      await insertEvents(transaction, { jid, target, late: false }, [
        { ...verdict, event: { type: 'ended', outcome, cause } },
      ])
      await this.#endJob(transaction, jid)
      return true
    })
  }

  async #insert(
    jid: string,
    order: Omit<JobOrder, 'targets'>,
    own: boolean,
    targets: readonly (readonly [string, StoredWork | undefined])[],
  ): Promise<void> {
    const created = this.#now()
    await this.#writer.write(async (transaction) => {
      await transaction
        .insertInto('jobs')
        .values({
          jid,
          title: order.title,
          by: order.by,
          test: order.test ? 1 : 0,
          snapshot: order.snapshot,
          delivery_ms: order.deliveryMs,
          run_ms: order.runMs,
          own: own ? 1 : 0,
          cancelled: 0,
          created,
          ended: targets.length === 0 ? created : null,
        })
        .execute()
      for (const [target, work] of targets) {
        await transaction
          .insertInto('job_targets')
          .values({
            jid,
            target,
            work: work === undefined ? null : JSON.stringify(work),
            outcome: null,
            cause: '',
            received: own ? created : null,
            started: null,
            ended: null,
            stored: 0,
          })
          .execute()
      }
    })
  }

  async #endJob(transaction: Store, jid: string): Promise<void> {
    await transaction
      .updateTable('jobs')
      .set({ ended: this.#now() })
      .where('jid', '=', jid)
      .where((row) =>
        row.not(
          row.exists(
            row.selectFrom('job_targets').select('target').where('jid', '=', jid).where('outcome', 'is', null),
          ),
        ),
      )
      .execute()
  }
}

function following(stored: number, events: readonly LoggedEvent[]): LoggedEvent[] {
  const fresh: LoggedEvent[] = []
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    const next = stored + fresh.length + 1
    if (event.seq === next && next <= MAX_EVENTS) fresh.push(event)
  }
  return fresh
}

async function insertEvents(
  transaction: Store,
  of: { jid: string; target: string; late: boolean },
  events: readonly LoggedEvent[],
): Promise<void> {
  for (const { seq, time, event } of events) {
    await transaction
      .insertInto('job_events')
      .values({ ...of, late: of.late ? 1 : 0, seq, time, event: JSON.stringify(event) })
      .execute()
  }
}

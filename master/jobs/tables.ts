import { sql, type Generated, type Kysely } from 'kysely'
import type { Outcome } from '../../core/run/result.ts'

export interface JobTables {
  jobs: JobRow
  job_targets: JobTargetRow
  job_events: JobEventRow
}

export interface JobRow {
  jid: string
  title: string
  by: string
  test: 0 | 1
  snapshot: string
  delivery_ms: number
  run_ms: number
  /** 1: the master runs it itself (an orchestration). */
  own: 0 | 1
  /** 1: somebody asked to cancel it. */
  cancelled: 0 | 1
  /** Milliseconds since 1970. */
  created: number
  /** When its last target ended. */
  ended: number | null
}

export interface JobTargetRow {
  jid: string
  target: string
  /** JSON of the `StoredWork`; forgotten once the target has ended. Secrets are references in it. */
  work: string | null
  /** `null` until it ended; final then. */
  outcome: Outcome | null
  cause: string
  /** Milliseconds since 1970; when the minion acknowledged it. */
  received: number | null
  /** Milliseconds since 1970; when the minion reported its start. */
  started: number | null
  ended: number | null
  /** All events of the minion up to this one are stored. */
  stored: number
}

export interface JobEventRow {
  /** Orders all events of all jobs. */
  number: Generated<number>
  jid: string
  target: string
  /** As the minion numbers them, from 1; 0 is the master's own verdict. */
  seq: number
  time: string
  /** JSON of the `RunEvent`. */
  event: string
  /** 1: it came after the outcome was final. */
  late: 0 | 1
}

export async function makeJobTables(store: Kysely<unknown>): Promise<void> {
  await store.schema
    .createTable('jobs')
    .addColumn('jid', 'text', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('test', 'integer', (column) => column.notNull())
    .addColumn('snapshot', 'text', (column) => column.notNull())
    .addColumn('delivery_ms', 'integer', (column) => column.notNull())
    .addColumn('run_ms', 'integer', (column) => column.notNull())
    .addColumn('own', 'integer', (column) => column.notNull())
    .addColumn('cancelled', 'integer', (column) => column.notNull())
    .addColumn('created', 'integer', (column) => column.notNull())
    .addColumn('ended', 'integer')
    .execute()
  await store.schema
    .createTable('job_targets')
    .addColumn('jid', 'text', (column) => column.notNull().references('jobs.jid').onDelete('cascade'))
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('work', 'text')
    .addColumn('outcome', 'text')
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('received', 'integer')
    .addColumn('started', 'integer')
    .addColumn('ended', 'integer')
    .addColumn('stored', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('job_targets_primary', ['jid', 'target'])
    .execute()
  await store.schema
    .createTable('job_events')
    .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('jid', 'text', (column) => column.notNull().references('jobs.jid').onDelete('cascade'))
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('time', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('late', 'integer', (column) => column.notNull())
    .addUniqueConstraint('job_events_once', ['jid', 'target', 'seq'])
    .execute()
  await store.schema.createIndex('job_events_in_order').on('job_events').columns(['jid', 'number']).execute()
  await sql`create index job_targets_open on job_targets (target) where outcome is null`.execute(store)
}

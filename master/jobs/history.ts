import type { Selectable } from 'kysely'
import { UserError } from '../../core/errors.ts'
import type { RunEvent } from '../../core/run/event.ts'
import type { RunReport } from '../../core/run/result.ts'
import { isJid } from '../../core/run/jid.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Store } from '../store/store.ts'
import { orchestratedBy, type JobEvent, type JobLine } from './jobs.ts'
import { reportOf, type TargetHistory } from './report.ts'
import type { JobEventRow, JobRow } from './tables.ts'
import { timesOf, type JobTimes } from './times.ts'

const PAGE = 500

/** Throws the `UserError` `unknown-job`. */
export async function requireJob(
  store: Store,
  jid: string,
): Promise<Omit<Selectable<JobRow>, 'test'> & { test: boolean }> {
  const row = await store.selectFrom('jobs').selectAll().where('jid', '=', jid).executeTakeFirst()
  if (row !== undefined) return { ...row, test: row.test === 1 }
  const recent = await store.selectFrom('jobs').select('jid').orderBy('jid', 'desc').limit(100).execute()
  const near = isJid(jid)
    ? suggest(
        jid,
        recent.map((each) => each.jid),
      )
    : 'A job is named by 20 digits.'
  throw new UserError('unknown-job', `There is no job ${jid}.`, {
    hint: near ?? "'butler-master jobs list' shows them; old ones are removed.",
  })
}

export async function listJobs(store: Store, limit: number): Promise<JobLine[]> {
  const jobs = await store.selectFrom('jobs').selectAll().orderBy('jid', 'desc').limit(limit).execute()
  if (jobs.length === 0) return []
  const counts = await store
    .selectFrom('job_targets')
    .select((row) => [
      'jid',
      row.fn
        .coalesce('outcome', row.case().when('received', 'is', null).then('waiting').else('running').end())
        .as('word'),
      row.fn.countAll<number>().as('count'),
    ])
    .where(
      'jid',
      'in',
      jobs.map((job) => job.jid),
    )
    .groupBy(['jid', 'word'])
    .execute()
  return jobs.map((job) => ({
    jid: job.jid,
    title: job.title,
    by: job.by,
    test: job.test === 1,
    created: new Date(job.created).toISOString(),
    ended: job.ended === null ? null : new Date(job.ended).toISOString(),
    outcomes: Object.fromEntries(counts.filter((each) => each.jid === job.jid).map((each) => [each.word, each.count])),
  }))
}

export async function reportJob(store: Store, jid: string): Promise<RunReport> {
  const job = await requireJob(store, jid)
  const targets = await store
    .selectFrom('job_targets')
    .select(['target', 'outcome', 'cause'])
    .where('jid', '=', jid)
    .orderBy('target')
    .execute()
  const events = await store
    .selectFrom('job_events')
    .select(['target', 'event', 'late'])
    .where('jid', '=', jid)
    .orderBy('number')
    .execute()
  const byTarget = Map.groupBy(events, (row) => row.target)
  const histories = targets.map((target): TargetHistory => ({
    ...target,
    events: (byTarget.get(target.target) ?? []).map((row) => ({
      event: parseEvent(row.event),
      late: row.late === 1,
    })),
  }))
  return reportOf(job, histories)
}

/** Of an orchestration the jobs that it sent are looked at; its own states are its steps. */
export async function timesOfJob(store: Store, jid: string, now: number): Promise<JobTimes> {
  const job = await requireJob(store, jid)
  const ms = (job.ended ?? now) - job.created
  const own = await reportJob(store, jid)
  if (job.own === 0) return timesOf({ jid, ms }, [], [own])
  const sent = await store.selectFrom('jobs').select('jid').where('by', '=', orchestratedBy(jid)).execute()
  const parts = await Promise.all(sent.map((part) => reportJob(store, part.jid)))
  return timesOf({ jid, ms }, Object.values(own.targets)[0]?.results ?? [], parts)
}

/** The next page of a job's events; empty when there are no more yet. */
export async function eventsAfter(store: Store, jid: string, after: number): Promise<JobEvent[]> {
  const rows = await store
    .selectFrom('job_events')
    .selectAll()
    .where('jid', '=', jid)
    .where('number', '>', after)
    .orderBy('number')
    .limit(PAGE)
    .execute()
  return rows.map(toEvent)
}

/** The step that the master itself was at in a job of its own; `undefined` when between two. */
export async function openStep(store: Store, jid: string): Promise<string | undefined> {
  const rows = await store.selectFrom('job_events').selectAll().where('jid', '=', jid).orderBy('number').execute()
  const open = new Set<string>()
  for (const { event } of rows.map(toEvent)) {
    if (event.type === 'chunk-started') open.add(event.id)
    if (event.type === 'chunk-ended') open.delete(event.result.id)
  }
  return open.size === 0 ? undefined : [...open].join(', ')
}

/** Removes ended jobs that are too old or too many. */
export async function pruneJobs(store: Store, keep: { jobs: number; since: number }): Promise<number> {
  const oldest = await store
    .selectFrom('jobs')
    .select('jid')
    .orderBy('jid', 'desc')
    .offset(keep.jobs)
    .limit(1)
    .executeTakeFirst()
  const { numDeletedRows } = await store
    .deleteFrom('jobs')
    .where('ended', 'is not', null)
    .where((row) =>
      row.or([row('created', '<', keep.since), ...(oldest === undefined ? [] : [row('jid', '<=', oldest.jid)])]),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

function toEvent(row: Selectable<JobEventRow>): JobEvent {
  return {
    jid: row.jid,
    target: row.target,
    number: row.number,
    seq: row.seq,
    time: row.time,
    event: parseEvent(row.event),
  }
}

/** Our own JSON: what a minion said was checked before it was stored. */
function parseEvent(text: string): RunEvent {
  return JSON.parse(text) as RunEvent
}

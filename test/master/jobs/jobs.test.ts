import t, { type Test } from 'tap'
import type { LowState } from '../../../core/compile/low.ts'
import type { JobMessage } from '../../../core/protocol/messages.ts'
import { UserError } from '../../../core/errors.ts'
import type { LoggedEvent, RunEvent } from '../../../core/run/event.ts'
import type { JobEvent, JobOrder, StoredWork } from '../../../master/jobs/jobs.ts'
import { ask, connect, hello, join, SOON, type MasterChannel, type TestIdentity } from '../minion.ts'
import { startRunning, type Running, type RunningOptions } from '../running.ts'
import { until } from '../until.ts'

const DAY = 86_400_000
const never = new AbortController().signal

const ping: StoredWork = { kind: 'function', function: 'test.ping', args: {}, pillar: {} }

function order(ids: readonly string[], more: Partial<JobOrder> & { work?: StoredWork } = {}): JobOrder {
  const { work = ping, ...rest } = more
  return {
    title: 'test.ping',
    by: 'operator',
    test: false,
    snapshot: '',
    targets: new Map(ids.map((id) => [id, work])),
    deliveryMs: 60_000,
    runMs: 60_000,
    ...rest,
  }
}

async function withMinion(t: Test, options: RunningOptions = {}): Promise<{ master: Running; worker: TestIdentity }> {
  const master = await startRunning(t, options)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  return { master, worker: await join(master.port, 'worker-1', token) }
}

function logged(first: number, ...events: RunEvent[]): LoggedEvent[] {
  return events.map((event, index) => ({ seq: first + index, time: '2026-01-01T00:00:00.000Z', event }))
}

const received: RunEvent = { type: 'received' }
const started: RunEvent = { type: 'started', pid: 1, chunks: 1, test: false }
const succeeded: RunEvent = { type: 'ended', outcome: 'succeeded', cause: '', return: true }

/** Receives jobs, and does nothing about them by itself. */
async function worker(
  master: Running,
  identity: TestIdentity,
  more: Partial<Parameters<typeof hello>[0]> = {},
): Promise<{ channel: MasterChannel; jobs: JobMessage[]; cancelled: string[] }> {
  const jobs: JobMessage[] = []
  const cancelled: string[] = []
  const channel = await connect(master.port, identity, {
    job: async (message) => {
      jobs.push(message)
      return { received: true, position: 0 }
    },
    'job.cancel': async ({ jid }) => {
      cancelled.push(jid)
      return { known: true }
    },
  })
  await channel.ask('hello', hello(more), SOON)
  return { channel, jobs, cancelled }
}

async function outcomeOf(master: Running, jid: string, id = 'worker-1'): Promise<{ outcome: string; cause: string }> {
  return until(`the end of ${jid}`, async () => {
    const target = (await master.jobs.report(jid)).targets[id]
    return target?.outcome === null || target === undefined
      ? undefined
      : { outcome: target.outcome, cause: target.cause }
  })
}

async function acknowledged(master: Running, jid: string): Promise<void> {
  await until('the receipt', async () => {
    const jobs = await master.jobs.list({ limit: 10 })
    return jobs.find((job) => job.jid === jid)?.outcomes['running'] === 1
  })
}

async function all(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const seen: JobEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}

t.test('a job goes to a connected minion, its events come back, and everybody sees the same', async (t) => {
  const { master, worker: identity } = await withMinion(t)
  const { channel, jobs } = await worker(master, identity)
  const jid = await master.jobs.submit(order(['worker-1']))
  const watching = all(master.jobs.watch(jid, { signal: never }))
  await until('the job', () => jobs.length === 1)
  t.match(jobs[0], { jid, work: { kind: 'function', function: 'test.ping' }, secrets: {}, runMs: 60_000 })
  await acknowledged(master, jid)
  const report = async (events: LoggedEvent[]) => channel.ask('events', { jid, events }, SOON)
  t.same(await report(logged(1, received)), { stored: 1 })
  t.same(await report(logged(1, received, started)), { stored: 2 }, 'what is sent again is stored once')
  t.same(await report(logged(4, succeeded)), { stored: 2 }, 'a gap is not')
  t.same(await report(logged(3, succeeded)), { stored: 3 })
  const seen = await watching
  t.same(
    seen.map(({ seq, event }) => [seq, event.type]),
    [
      [1, 'received'],
      [2, 'started'],
      [3, 'ended'],
    ],
  )
  t.same(await all(master.jobs.watch(jid, { signal: never, after: seen[0]?.number ?? 0 })), seen.slice(1))
  const { ok, targets } = await master.jobs.report(jid)
  t.ok(ok)
  t.match(targets, { 'worker-1': { outcome: 'succeeded', cause: '', return: true, jid } })
  t.match(await master.jobs.list({ limit: 5 }), [
    { jid, title: 'test.ping', outcomes: { succeeded: 1 }, ended: String },
  ])
})

t.test('a job waits for a minion that is away, and is unreachable when it does not come', async (t) => {
  const { master, worker: identity } = await withMinion(t)
  const lost = await master.jobs.submit(order(['worker-1'], { deliveryMs: 50 }))
  const kept = await master.jobs.submit(order(['worker-1']))
  t.match(await outcomeOf(master, lost), { outcome: 'unreachable', cause: /not acknowledged within 50 ms: it is not/u })
  const { jobs } = await worker(master, identity)
  await until('the job', () => jobs.length === 1)
  t.equal(jobs[0]?.jid, kept)
})

t.test('jobs and deadlines outlive the master', async (t) => {
  const { master, worker: identity } = await withMinion(t)
  const jid = await master.jobs.submit(order(['worker-1']))
  const short = await master.jobs.submit(order(['worker-1'], { deliveryMs: 400 }))
  await master.stop()
  const second = await startRunning(t, { layout: master.layout })
  t.match(await outcomeOf(second, short), { outcome: 'unreachable' })
  const { jobs, channel } = await worker(second, identity)
  await until('the job', () => jobs.length === 1)
  t.equal(jobs[0]?.jid, jid)
  await acknowledged(second, jid)
  await second.stop()
  const third = await startRunning(t, { layout: master.layout })
  const again = await worker(third, identity, { jobs: [{ jid, lastSeq: 1, ended: false }] })
  await again.channel.ask('events', { jid, events: logged(1, received, started, succeeded) }, SOON)
  t.match(await outcomeOf(third, jid), { outcome: 'succeeded' })
  t.same(again.jobs, [], 'what was acknowledged is not sent again')
  channel.close('over')
})

t.test('a minion that lost an acknowledged job ends it; one that never began it gets it again', async (t) => {
  const { master, worker: identity } = await withMinion(t)
  const first = await worker(master, identity)
  const lost = await master.jobs.submit(order(['worker-1']))
  const unbegun = await master.jobs.submit(order(['worker-1']))
  await until('both', () => first.jobs.length === 2)
  await until('the receipts', async () =>
    (await master.jobs.list({ limit: 2 })).every((job) => job.outcomes['running'] === 1),
  )
  first.channel.close('crash')
  await first.channel.closed
  const second = await worker(master, identity, { jobs: [{ jid: unbegun, lastSeq: 1, ended: false, lost: true }] })
  t.match(await outcomeOf(master, lost), { outcome: 'interrupted', cause: /no longer knows/u })
  await until('the job again', () => second.jobs.length === 1)
  t.equal(second.jobs[0]?.jid, unbegun)
})

t.test("a minion's own no is refused with its words", async (t) => {
  const { master, worker: identity } = await withMinion(t)
  const channel = await connect(master.port, identity, {
    job: async () => {
      throw new UserError('unknown-function', "There is no function 'test.pong'.", {
        hint: "Did you mean 'test.ping'?",
      })
    },
  })
  await channel.ask('hello', hello(), SOON)
  const jid = await master.jobs.submit(order(['worker-1']))
  t.same(await outcomeOf(master, jid), {
    outcome: 'refused',
    cause: "There is no function 'test.pong'. Did you mean 'test.ping'?",
  })
})

t.test('an acknowledged minion that stays away is unreachable, and what it says later is kept as late', async (t) => {
  const { master, worker: identity } = await withMinion(t, { graceMs: 50 })
  const first = await worker(master, identity)
  const jid = await master.jobs.submit(order(['worker-1'], { runMs: 50 }))
  await acknowledged(master, jid)
  first.channel.close('gone')
  t.match(await outcomeOf(master, jid), { outcome: 'unreachable', cause: /^acknowledged, last seen/u })
  const second = await worker(master, identity, { jobs: [{ jid, lastSeq: 3, ended: true }] })
  t.same(await second.channel.ask('events', { jid, events: logged(1, received, started, succeeded) }, SOON), {
    stored: 3,
  })
  t.match(await outcomeOf(master, jid), { outcome: 'unreachable', cause: /; reported later: succeeded$/u })
})

t.test('a connected minion that never reports an end is cancelled and timed out', async (t) => {
  const { master, worker: identity } = await withMinion(t, { graceMs: 30 })
  const { cancelled } = await worker(master, identity)
  const jid = await master.jobs.submit(order(['worker-1'], { runMs: 30 }))
  t.match(await outcomeOf(master, jid), { outcome: 'timed-out' })
  await until('the word', () => cancelled.includes(jid))
})

t.test('cancelling: before the receipt, while it runs, and for a minion that is away', async (t) => {
  const { master, worker: identity } = await withMinion(t)
  const waiting = await master.jobs.submit(order(['worker-1']))
  await master.jobs.cancel(waiting)
  t.match(await outcomeOf(master, waiting), { outcome: 'cancelled', cause: /before the minion acknowledged/u })
  const first = await worker(master, identity)
  const running = await master.jobs.submit(order(['worker-1']))
  await acknowledged(master, running)
  await master.jobs.cancel(running)
  await until('the word', () => first.cancelled.includes(running))
  const ended: RunEvent = { type: 'ended', outcome: 'cancelled', cause: 'cancelled by the operator' }
  await first.channel.ask('events', { jid: running, events: logged(1, received, ended) }, SOON)
  t.same(await outcomeOf(master, running), { outcome: 'cancelled', cause: 'cancelled by the operator' })
  const away = await master.jobs.submit(order(['worker-1']))
  await acknowledged(master, away)
  first.channel.close('gone')
  await until('its absence', () => !master.connections.isConnected('worker-1'))
  await master.jobs.cancel(away)
  t.match(await outcomeOf(master, away), { outcome: 'cancelled', cause: /gets the word/u })
  const held = [away, waiting, running].map((jid) => ({ jid, lastSeq: 1, ended: false }))
  const second = await worker(master, identity, { jobs: held })
  await until('the word for all that it still holds', () => second.cancelled.length === 3)
  await master.jobs.cancel(away)
  await t.rejects(master.jobs.cancel('1'.repeat(20)), { code: 'unknown-job' })
})

t.test('a minion reports for itself only, and forgets what nobody knows', async (t) => {
  const { master, worker: identity } = await withMinion(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const thief = await worker(master, await join(master.port, 'master', token), {
    jobs: [{ jid: '2'.repeat(20), lastSeq: 4, ended: false }],
  })
  await until('the word to drop what is unknown', () => thief.cancelled.includes('2'.repeat(20)))
  const jid = await master.jobs.submit(order(['worker-1']))
  const own = await master.jobs.record({ title: 'orchestrate deploy', by: 'operator', test: false, snapshot: 's' })
  for (const foreign of [jid, own.jid, '3'.repeat(20)]) {
    const answer = await thief.channel.ask('events', { jid: foreign, events: logged(1, received, succeeded) }, SOON)
    t.same(answer, { stored: 2 })
  }
  t.equal((await master.jobs.report(jid)).targets['worker-1']?.outcome, null)
  t.equal((await master.jobs.report(own.jid)).targets['master']?.outcome, null)
  t.equal((await ask(master.port, '/files/x', { identity })).status, 404)
})

t.test("the master's own jobs: recorded, watched, cancelled, and interrupted with their step", async (t) => {
  const { master } = await withMinion(t)
  const title = { title: 'orchestrate deploy', by: 'operator', test: false, snapshot: 's' }
  const done = await master.jobs.record(title)
  const watching = all(master.jobs.watch(done.jid, { signal: never }))
  done.emit(started)
  done.emit(succeeded)
  t.same(
    (await watching).map(({ event }) => event.type),
    ['started', 'ended'],
  )
  t.match((await master.jobs.report(done.jid)).targets, { master: { outcome: 'succeeded' } })
  const cancelled = await master.jobs.record(title)
  await master.jobs.cancel(cancelled.jid)
  t.ok(cancelled.cancelled.aborted)
  const open = await master.jobs.record(title)
  open.emit({ type: 'chunk-started', order: 0, id: 'consul', function: 'fleet.apply', name: 'consul' })
  await master.stop()
  const second = await startRunning(t, { layout: master.layout })
  t.match((await second.jobs.report(open.jid)).targets, {
    master: { outcome: 'interrupted', cause: "the master stopped while it was at 'consul'" },
  })
})

t.test('secrets go along for memory and are in no store; a large low state goes by its digest', async (t) => {
  const { master, worker: identity } = await withMinion(t, { secrets: { 'db/admin': 'hunter2-hunter2' } })
  const { jobs } = await worker(master, identity)
  const low: LowState = {
    schema: 'butler.low/1',
    chunks: [
      {
        id: 'x',
        function: 'file.managed',
        name: '/x',
        sls: 'x',
        args: { contents: { $text: [{ $secret: 'db/admin' }, 'x'.repeat(600_000)] } },
        requisites: [],
        guards: {},
        options: {},
        at: { file: 'states/x.yaml' },
      },
    ],
    files: {},
    secrets: ['db/admin'],
    warnings: [],
    sls: ['x'],
  }
  const work: StoredWork = { kind: 'state', test: false, snapshot: 's', low, pillar: {} }
  const jid = await master.jobs.submit(order(['worker-1'], { work }))
  await until('the job', () => jobs.length === 1)
  t.match(jobs[0]?.secrets, { 'db/admin': 'hunter2-hunter2' })
  const sent = jobs[0]?.work
  const digest = sent?.kind === 'state' && 'digest' in sent.low ? sent.low.digest : ''
  t.same(JSON.parse((await ask(master.port, `/files/${digest}`, { identity })).body), low)
  const stored = JSON.stringify(await master.store.selectFrom('job_targets').selectAll().execute())
  t.match(stored, /db\/admin/u)
  t.notMatch(stored, /hunter2/u)
  await master.jobs.cancel(jid)
})

t.test('work that no message could carry is refused before anything is stored', async (t) => {
  const { master } = await withMinion(t)
  const work: StoredWork = { ...ping, args: { text: 'x'.repeat(400_000) } }
  await t.rejects(master.jobs.submit(order(['worker-1'], { work })), { errors: [{ code: 'work-too-large' }] })
  t.same(await master.jobs.list({ limit: 5 }), [])
})

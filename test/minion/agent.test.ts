import { createHash } from 'node:crypto'
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RunEvent } from '../../core/run/event.ts'
import { socketPath } from '../../core/cli/socket.ts'
import { AgentProcess } from './loopback/agent-process.ts'
import { temporaryFolder } from './loopback/folder.ts'
import { commands, functionJob, managed, newJid, stateJob } from './loopback/jobs.ts'
import { TestMaster } from './loopback/test-master.ts'
import { until } from './loopback/until.ts'

t.setTimeout(300_000)

const folder = temporaryFolder(t)
const master = await TestMaster.start(folder)
const minion = new AgentProcess(folder, master, { confine: join(folder, 'home'), grains: { rack: 7 } })
t.teardown(() => master.stop())
t.teardown(() => minion.kill())
minion.start()
await master.connected(1)

const types = (jid: string): string[] => master.eventsOf(jid).map((event) => event.type)

t.test('it says what it is', async (t) => {
  const [hello] = master.hellos
  t.match(hello, {
    version: /^\d+\.\d+\.\d+/u,
    catalog: /^[0-9a-f]{64}$/u,
    grains: { id: 'worker-1', rack: 7 },
    jobs: [],
  })
  t.ok(hello?.functions.includes('test.ping'))
})

t.test('a function: receipt, events in order, an answer', async (t) => {
  const job = functionJob('test.ping')
  t.strictSame(await master.send(job), { received: true, position: 0 })
  t.match(await master.ended(job.jid), { outcome: 'succeeded', cause: '', return: true })
  t.strictSame(types(job.jid), ['received', 'started', 'ended'])
})

t.test('a function that fails says why', async (t) => {
  const job = functionJob('cmd.run', { cmd: 'echo no luck >&2; exit 3' })
  await master.send(job)
  const end = await master.ended(job.jid)
  t.match(end, { outcome: 'failed', cause: /exit code 3/u, errors: [{ code: 'command-failed' }] })
})

t.test('functions run side by side, a state run beside them', async (t) => {
  const gate = join(folder, 'side-by-side')
  const wait = `while ! test -e ${gate}; do sleep 0.05; done`
  const [run, slow, quick] = [stateJob(commands(wait)), functionJob('cmd.run', { cmd: wait }), functionJob('test.ping')]
  for (const job of [run, slow, quick]) await master.send(job)
  t.match(await master.ended(quick.jid), { outcome: 'succeeded' })
  t.notOk(types(run.jid).includes('ended') || types(slow.jid).includes('ended'))
  writeFileSync(gate, '')
  t.match(await master.ended(run.jid), { outcome: 'succeeded' })
  t.match(await master.ended(slow.jid), { outcome: 'succeeded' })
  await minion.idle()
})

t.test('state runs wait for each other in order and see their place; equal ones are one', async (t) => {
  const steps = join(folder, 'steps')
  const gate = join(folder, 'queue')
  const first = stateJob(commands(`while ! test -e ${gate}; do sleep 0.05; done`))
  const second = stateJob(commands(`echo second >> ${steps}`))
  const same = stateJob(commands(`echo second >> ${steps}`))
  const third = stateJob(commands(`echo third >> ${steps}`))
  t.equal((await master.send(first)).position, 0)
  t.equal((await master.send(second)).position, 1)
  t.equal((await master.send(third)).position, 2)
  t.equal((await master.send(same)).position, 1)
  writeFileSync(gate, '')
  for (const { jid } of [first, second, same, third]) t.match(await master.ended(jid), { outcome: 'succeeded' })
  t.equal(minion.text('steps'), 'second\nthird\n')
  const queued = master.eventsOf(third.jid).filter((event) => event.type === 'queued')
  t.strictSame(
    queued.map((event) => event.position),
    [2, 1],
  )
  t.match(
    master.eventsOf(same.jid).filter((event) => event.type === 'note' || event.type === 'chunk-ended'),
    [{ type: 'note', text: new RegExp(second.jid, 'u') }, { result: { result: true } }],
  )
})

t.test('a deadline ends a run and all that it started', async (t) => {
  const job = stateJob(commands(`sleep 600 & echo $! > ${folder}/pid; sleep 600`, 'echo never'), { runMs: 1500 })
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'timed-out', cause: /longer than 1\.5 s.*0 of 2/u })
  await until('the end of what it started', () => !existsSync(`/proc/${minion.text('pid').trim()}/cmdline`))
})

t.test('a deadline ends a process that does not listen', async (t) => {
  const job = functionJob('cmd.run', { cmd: 'sleep 600' }, { runMs: 600_000 })
  await master.send(job)
  const { pid } = await minion.claim(job.jid)
  process.kill(pid, 'SIGSTOP')
  t.strictSame(await master.ask('job.cancel', { jid: job.jid }), { known: true })
  t.match(await master.ended(job.jid), { outcome: 'cancelled' })
})

t.test('cancel: one that runs, one that waits, one that nobody knows', async (t) => {
  const running = stateJob(commands('sleep 600', 'echo never'))
  const waiting = stateJob(commands('echo waited'))
  await master.send(running)
  await master.send(waiting)
  await master.has(running.jid, 'chunk-started')
  t.strictSame(await master.ask('job.cancel', { jid: waiting.jid }), { known: true })
  t.match(await master.ended(waiting.jid), { outcome: 'cancelled', cause: /before it began/u })
  t.strictSame(await master.ask('job.cancel', { jid: running.jid }), { known: true })
  t.match(await master.ended(running.jid), { outcome: 'cancelled', cause: /0 of 2 states were done/u })
  t.strictSame(await master.ask('job.cancel', { jid: newJid() }), { known: false })
  t.strictSame(await master.ask('job.cancel', { jid: '../../etc' }), { known: false })
})

t.test('what it can not do is refused before anything is written down', async (t) => {
  const job = functionJob('test.pign')
  await t.rejects(master.send(job), { code: 'unknown-function', hint: /test\.ping/u })
  t.notOk(existsSync(minion.spoolOf(job.jid)))
  await t.rejects(master.send({ ...job, jid: '../../x' }), { code: 'bad-jid' })
})

t.test('a disk that takes nothing: the job is refused with its cause, and the agent lives', async (t) => {
  const spool = join(minion.layout.data, 'spool')
  // Its process dies while there is no disk, too.
  const dying = functionJob('cmd.run', { cmd: 'sleep 600' })
  await master.send(dying)
  const claim = await minion.claim(dying.jid)
  await master.has(dying.jid, 'started')
  renameSync(spool, `${spool}.away`)
  process.kill(claim.pid, 'SIGKILL')
  await t.rejects(master.send(functionJob('test.ping')), { code: 'not-written-down', message: /ENOENT/u })
  await until('its trouble in the log', () => minion.log.some((line) => line.includes('trying again')))
  renameSync(`${spool}.away`, spool)
  t.match(await master.ended(dying.jid), { outcome: 'interrupted' })
  const job = functionJob('test.ping')
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'succeeded' })
})

t.test('secrets reach the command, and neither the spool nor an event', async (t) => {
  const low = commands('placeholder')
  const [chunk] = low.chunks
  if (chunk === undefined) throw new Error('there is one')
  const name = { $text: ['echo the password is ', { $secret: 'db/password' }, '; sleep 1'] }
  chunk.args = { name }
  low.secrets = ['db/password']
  const job = stateJob(low, { secrets: { 'db/password': 'correct-horse-battery' } })
  await master.send(job)
  await minion.claim(job.jid)
  t.notMatch(minion.spooled(), /correct-horse|placeholder/u)
  t.match(await master.ended(job.jid), { outcome: 'succeeded' })
  const told = JSON.stringify(master.eventsOf(job.jid))
  t.match(told, /the password is ••••/u)
  t.notMatch(`${told}${minion.spooled()}${minion.log.join('')}`, /correct-horse/u)
})

t.test('a large low state and files come by digest, over its own certificate', async (t) => {
  const give = (content: string): string => {
    const bytes = Buffer.from(content)
    const digest = createHash('sha256').update(bytes).digest('hex')
    master.files.set(digest, bytes)
    return digest
  }
  const target = join(folder, 'home/managed')
  const digest = give('content\n')
  const low = { ...managed(target, { source: 'butler://a' }), files: { 'butler://a': { digest, size: 8 } } }
  const job = stateJob(low)
  Object.assign(job.work, { low: { digest: give(JSON.stringify(low)) } })
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'succeeded' }, JSON.stringify(master.eventsOf(job.jid)))
  t.equal(minion.text('home/managed'), 'content\n')
  const kept = join(minion.layout.cache, 'files', digest)
  t.equal(statSync(kept).mode & 0o777, 0o600)
  const bad = stateJob(low)
  Object.assign(bad.work, { low: { digest: 'f'.repeat(64) } })
  await master.send(bad)
  t.match(await master.ended(bad.jid), { outcome: 'failed', cause: /does not give out/u })
})

t.test('a confined minion writes nowhere else', async (t) => {
  const name = join(folder, 'outside')
  const low = managed(name, { contents: 'x' })
  const job = stateJob(low)
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'failed', cause: /outside of/u })
  t.notOk(existsSync(name))
})

t.test('a plan touches nothing and says what it would', async (t) => {
  const job = stateJob(commands(`touch ${folder}/planned`), { test: true })
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'succeeded', summary: { would_change: 1 } })
  t.notOk(existsSync(join(folder, 'planned')))
})

t.test('grains anew, and what the mine asks for; one bad function spoils no other', async (t) => {
  const mine = {
    alive: { function: 'test.ping', args: [] },
    rack: { function: 'grains.get', args: ['rack'] },
    wrong: { function: 'no.such', args: [] },
    writes: { function: 'cmd.run', args: ['touch /x'] },
  }
  const answer = await master.ask('refresh', { grains: true, mine })
  t.match(answer, { grains: { id: 'worker-1', rack: 7 }, mine: { alive: true, rack: 7 } })
  t.strictSame(Object.keys(answer.mine), ['alive', 'rack'])
})

t.test('an output that is too large for a frame is told shortened', async (t) => {
  const job = functionJob('cmd.run', { cmd: 'head -c 5000000 /dev/zero | tr "\\0" x; echo end' })
  await master.send(job)
  const end: RunEvent & { type: 'ended' } = await master.ended(job.jid)
  t.match(end, { outcome: 'succeeded', return: /characters left out[^]*end$/u })
})

t.test('its socket is for its owner alone', async (t) => {
  t.equal(statSync(socketPath(minion.layout, 'minion')).mode & 0o777, 0o600)
})

t.test('a second agent on the same folder refuses to start', async () => {
  const second = new AgentProcess(folder, master)
  second.start()
  await until('its refusal', () => second.log.some((line) => line.includes('runs already')))
  await second.kill()
})

t.test('a connection that ends is made anew', async (t) => {
  const hellos = master.hellos.length
  master.channel?.close('the test wants it so')
  await master.connected(hellos + 1)
  await until('the cause in the log', () => minion.log.some((line) => line.includes('the test wants it so')))
  const job = functionJob('test.ping')
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'succeeded' })
})

t.test('SIGTERM ends the agent and not the run', async (t) => {
  const gate = join(folder, 'sigterm')
  const job = stateJob(commands(`while ! test -e ${gate}; do sleep 0.05; done`))
  await master.send(job)
  await master.has(job.jid, 'chunk-started')
  await minion.kill('SIGTERM')
  t.match(minion.log.at(-1), /stopped/u)
  const hellos = master.hellos.length
  minion.start()
  await master.connected(hellos + 1)
  writeFileSync(gate, '')
  t.match(await master.ended(job.jid), { outcome: 'succeeded' })
})

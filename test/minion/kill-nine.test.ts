import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { JobMessage } from '../../core/protocol/messages.ts'
import { hasVariable, processes } from '../../minion/jobs/process.ts'
import { JID_VARIABLE } from '../../minion/jobs/kill.ts'
import { AgentProcess } from './loopback/agent-process.ts'
import { temporaryFolder } from './loopback/folder.ts'
import { commands, functionJob, stateJob } from './loopback/jobs.ts'
import { TestMaster } from './loopback/test-master.ts'
import { until } from './loopback/until.ts'

t.setTimeout(300_000)

// Whatever dies when: every job ends, with a cause; no chunk is run twice; nothing is left running.

interface Both {
  master: TestMaster
  minion: AgentProcess
  folder: string
}

async function begin(t: Test): Promise<Both> {
  const folder = temporaryFolder(t)
  const master = await TestMaster.start(folder)
  const minion = new AgentProcess(folder, master)
  t.teardown(() => master.stop())
  t.teardown(() => minion.kill())
  minion.start()
  await master.connected(1)
  return { master, minion, folder }
}

/** Three chunks, each of which leaves a line; the second waits until the file `go` is there. */
function threeChunks(folder: string): JobMessage {
  const steps = join(folder, 'steps')
  const wait = `while ! test -e ${join(folder, 'go')}; do sleep 0.05; done`
  return stateJob(commands(`echo one >> ${steps}`, `echo two >> ${steps}; ${wait}`, `echo three >> ${steps}`))
}

/** The second chunk is at it: its start is told before its command has done anything. */
async function inTheSecond({ master, minion }: Both, jid: string): Promise<void> {
  await master.has(jid, 'chunk-started', 2)
  await until('the second line', () => minion.text('steps').includes('two'))
}

async function restart({ minion, master }: Both): Promise<void> {
  const hellos = master.hellos.length
  minion.start()
  await master.connected(hellos + 1)
}

async function nothingLeft(t: Test, jid: string): Promise<void> {
  await until('the end of all processes of the job', () =>
    processes().every(({ pid }) => !hasVariable(pid, JID_VARIABLE, jid)),
  )
  t.pass('no process is left')
}

t.test('the agent dies in a chunk: the run goes on, and is told whole by the next agent', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const job = threeChunks(folder)
  await master.send(job)
  await inTheSecond(both, job.jid)
  await minion.kill()
  writeFileSync(join(folder, 'go'), '')
  await until('the last chunk', () => minion.text('steps').includes('three'))
  await restart(both)
  t.match(await master.ended(job.jid), { outcome: 'succeeded', summary: { total: 3, changed: 3 } })
  t.equal(minion.text('steps'), 'one\ntwo\nthree\n')
  await nothingLeft(t, job.jid)
})

t.test('the agent dies and comes back in a chunk: the next agent goes on watching', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const job = threeChunks(folder)
  await master.send(job)
  await inTheSecond(both, job.jid)
  await minion.kill()
  await restart(both)
  t.match(master.hellos.at(-1)?.jobs, [{ jid: job.jid, ended: false }])
  t.strictSame(await master.send(job), { received: true, position: 0 })
  writeFileSync(join(folder, 'go'), '')
  t.match(await master.ended(job.jid), { outcome: 'succeeded' })
  t.equal(minion.text('steps'), 'one\ntwo\nthree\n')
  await nothingLeft(t, job.jid)
})

t.test('the run dies in a chunk: what was done is told, what was in flight is unknown', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const job = threeChunks(folder)
  await master.send(job)
  await inTheSecond(both, job.jid)
  const { pid } = await minion.claim(job.jid)
  process.kill(pid, 'SIGKILL')
  const end = await master.ended(job.jid)
  t.match(end, {
    outcome: 'interrupted',
    cause: /1 of 3 states were done.*cmd\.run 'step 2' is unknown/u,
    errors: [{ code: 'chunk-unknown', message: /step 2/u }],
    summary: { total: 1 },
  })
  t.equal(minion.text('steps'), 'one\ntwo\n')
  await nothingLeft(t, job.jid)
})

t.test('both die in a chunk', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const job = threeChunks(folder)
  await master.send(job)
  await inTheSecond(both, job.jid)
  const { pid } = await minion.claim(job.jid)
  await minion.kill()
  process.kill(pid, 'SIGKILL')
  await restart(both)
  t.match(await master.ended(job.jid), { outcome: 'interrupted', cause: /step 2/u })
  // Known still, or done with: never begun again.
  await master.send(job).catch((error: unknown) => t.match(error, { code: 'job-done' }))
  t.equal(minion.text('steps'), 'one\ntwo\n')
  await nothingLeft(t, job.jid)
})

t.test('the agent dies right after the receipt, over and over: the job runs once', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  for (const delay of [0, 20, 60, 120, 250]) {
    const job = stateJob(commands(`echo ${delay} >> ${join(folder, 'steps')}`))
    await master.send(job)
    // Somewhere between the receipt, the birth of the run's process and its end.
    await new Promise((resolve) => void setTimeout(resolve, delay))
    await minion.kill()
    await restart(both)
    // As the master does with what was received and never begun.
    const held = master.hellos.at(-1)?.jobs.find(({ jid }) => jid === job.jid)
    if (held?.lost) await master.send(job)
    t.match(await master.ended(job.jid), { outcome: 'succeeded' }, `killed after ${delay} ms`)
    await nothingLeft(t, job.jid)
  }
  t.equal(minion.text('steps'), '0\n20\n60\n120\n250\n')
})

t.test('the agent dies before the receipt: the master sends it again', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const job = stateJob(commands(`echo once >> ${join(folder, 'steps')}`))
  const sent = master.send(job).catch(() => 'lost')
  await minion.kill()
  await sent
  await restart(both)
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'succeeded' })
  t.equal(minion.text('steps'), 'once\n')
})

t.test('what was received, never begun, and not sent again, ends with a cause', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const first = threeChunks(folder)
  const waiting = stateJob(commands('echo never'))
  await master.send(first)
  t.strictSame(await master.send(waiting), { received: true, position: 1 })
  await master.has(waiting.jid, 'queued')
  await minion.kill()
  await restart(both)
  t.match(
    master.hellos.at(-1)?.jobs.find(({ jid }) => jid === waiting.jid),
    { lost: true },
  )
  t.match(await master.ask('job.cancel', { jid: waiting.jid }), { known: true })
  t.match(await master.ended(waiting.jid), { outcome: 'cancelled', cause: /before it began/u })
  writeFileSync(join(folder, 'go'), '')
  t.match(await master.ended(first.jid), { outcome: 'succeeded' })
})

t.test('the master is away when a job ends: it is told later, and not run again', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const job = threeChunks(folder)
  await master.send(job)
  await inTheSecond(both, job.jid)
  master.deaf = true
  writeFileSync(join(folder, 'go'), '')
  await until('the last chunk', () => minion.text('steps').includes('three'))
  await minion.kill()
  master.deaf = false
  await restart(both)
  t.match(await master.ended(job.jid), { outcome: 'succeeded' })
  t.equal(minion.text('steps'), 'one\ntwo\nthree\n')
  await until('a confirmation', () => minion.text('var/lib/butler/spool/done').includes(job.jid))
  const again: unknown = await master.send(job).catch((error: unknown) => error)
  t.match(again, { code: 'job-done' })
})

t.test('a function dies on the way', async (t) => {
  const both = await begin(t)
  const { master, minion, folder } = both
  const job = functionJob('cmd.run', { cmd: `echo called >> ${join(folder, 'steps')}; sleep 600` })
  await master.send(job)
  await until('the call', () => minion.text('steps').includes('called'))
  const { pid } = await minion.claim(job.jid)
  process.kill(pid, 'SIGKILL')
  t.match(await master.ended(job.jid), { outcome: 'interrupted' })
  await nothingLeft(t, job.jid)
  t.equal(minion.text('steps'), 'called\n')
})

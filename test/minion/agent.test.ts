import t from 'tap'
import { temporaryFolder } from './loopback/folder.ts'
import { AgentProcess } from './loopback/agent-process.ts'
import { commands, functionJob, stateJob } from './loopback/jobs.ts'
import { TestMaster } from './loopback/test-master.ts'

const folder = temporaryFolder(t)
const master = await TestMaster.start(folder)
const minion = new AgentProcess(folder, master)
t.teardown(() => master.stop())
t.teardown(() => minion.kill())
minion.start()
await master.connected()

t.test('it says what it is', async (t) => {
  const [hello] = master.hellos
  t.match(hello, { version: /^\d+\.\d+\.\d+$/u, catalog: /^[0-9a-f]{64}$/u, grains: { id: 'worker-1' }, jobs: [] })
  t.ok(hello?.functions.includes('test.ping'))
})

t.test('a function: receipt, events in order, an answer', async (t) => {
  const job = functionJob('test.ping')
  t.strictSame(await master.send(job), { received: true, position: 0 })
  t.match(await master.ended(job.jid), { outcome: 'succeeded', cause: '', return: true })
  t.strictSame(
    master.eventsOf(job.jid).map((event) => event.type),
    ['received', 'started', 'ended'],
  )
})

t.test('a state run: every chunk is told', async (t) => {
  const job = stateJob(commands(`echo one >> ${folder}/steps`, `echo two >> ${folder}/steps`))
  await master.send(job)
  t.match(await master.ended(job.jid), { outcome: 'succeeded', summary: { total: 2, changed: 2, failed: 0 } })
  t.equal(minion.text('steps'), 'one\ntwo\n')
})

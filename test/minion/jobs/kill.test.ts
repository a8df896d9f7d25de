import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { JID_VARIABLE, killJob } from '../../../minion/jobs/kill.ts'
import { isAlive, processes, processStart } from '../../../minion/jobs/process.ts'
import { newJid } from '../loopback/jobs.ts'
import { until } from '../loopback/until.ts'

function leaderOf(jid: string, script: string): { pid: number; began: string; words: Promise<string> } {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, [JID_VARIABLE]: jid },
  })
  const pid = child.pid ?? 0
  const words = once(child.stdout, 'data').then(([data]) => String(data))
  return { pid, began: processStart(pid) ?? '', words }
}

t.test('a process is known by its number and its start', async (t) => {
  const child = spawn('sleep', ['60'])
  const began = processStart(child.pid ?? 0) ?? ''
  t.ok(isAlive({ pid: child.pid ?? 0, began }))
  t.notOk(isAlive({ pid: child.pid ?? 0, began: 'another time' }))
  child.kill()
  await once(child, 'exit')
  t.notOk(isAlive({ pid: child.pid ?? 0, began }))
})

t.test(
  'ends the process, its group, its children, and what has left both',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const jid = newJid()
    const since = new Date()
    const leader = leaderOf(jid, 'sleep 600 & setsid sleep 600 & echo $! ; sleep 600')
    const own = Number((await leader.words).trim())
    const daemon = { pid: own, began: processStart(own) ?? '' }
    t.ok(isAlive(daemon))
    await killJob(jid, leader, since)
    t.notOk(isAlive(leader))
    t.notOk(isAlive(daemon))
  },
)

t.test(
  'what is left of a dead job ends, a service that it had started before does not',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const jid = newJid()
    const leader = leaderOf(jid, 'setsid sleep 600 & echo $!')
    const pid = Number((await leader.words).trim())
    const service = { pid, began: processStart(pid) ?? '' }
    await until('the end of the leader', () => !isAlive(leader))
    // Process times are only as fine as whole seconds, so it has to be older than that.
    const beganMs = processes().find((each) => each.pid === pid)?.beganMs ?? 0
    await until('a service of some age', () => Date.now() - beganMs > 2000)
    const since = new Date()
    const later = leaderOf(jid, 'setsid sleep 600 & echo $!')
    const inFlight = Number((await later.words).trim())
    const left = { pid: inFlight, began: processStart(inFlight) ?? '' }
    await until('the end of the second leader', () => !isAlive(later))
    await killJob(jid, leader, since)
    t.ok(isAlive(service))
    t.notOk(isAlive(left))
    process.kill(pid)
  },
)

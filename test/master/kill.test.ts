import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { Layout } from '../../core/cli/layout.ts'
import type { HeldJob } from '../../core/protocol/messages.ts'
import type { RunEvent } from '../../core/run/event.ts'
import { connect as connectApi } from '../../master/api/client.ts'
import { connect, hello, join, SOON, type MasterChannel, type TestIdentity } from './minion.ts'
import { temporaryLayout } from './running.ts'
import { until } from './until.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/butler-master.js', import.meta.url))
const EVENTS: RunEvent[] = [
  { type: 'received' },
  { type: 'started', pid: 1, chunks: 0, test: false },
  { type: 'ended', outcome: 'succeeded', cause: '', return: true },
]
const logged = EVENTS.map((event, index) => ({ seq: index + 1, time: '2026-01-01T00:00:00.000Z', event }))

/** A master as a process of its own, so that it can be killed. */
async function startProcess(t: Test, layout: Layout): Promise<ChildProcess> {
  const root = path(layout.data, '../../..')
  const child = spawn(process.execPath, [PROGRAM, '--root', root, 'start'], { stdio: 'ignore' })
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const api = connectApi(layout)
  await until('a master', () =>
    api.call('minions', {}).then(
      () => true,
      () => false,
    ),
  )
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** A minion that has so many of its events stored before its master is killed. */
class Minion {
  readonly sent: string[] = []
  readonly #identity: TestIdentity
  readonly #port: number
  receipts = true
  #channel: MasterChannel | undefined

  constructor(port: number, identity: TestIdentity) {
    this.#port = port
    this.#identity = identity
  }

  async come(jobs: HeldJob[] = []): Promise<void> {
    this.#channel = await connect(this.#port, this.#identity, {
      job: async ({ jid }) => {
        this.sent.push(jid)
        if (!this.receipts) await new Promise(() => {})
        return { received: true, position: 0 }
      },
    })
    await this.#channel.ask('hello', hello({ jobs }), SOON)
  }

  async report(jid: string, upTo: number): Promise<number | undefined> {
    return (await this.#channel?.ask('events', { jid, events: logged.slice(0, upTo) }, SOON))?.stored
  }
}

t.test(
  'kill -9 of the master at each step of a job: it ends once, and is sent again only before its receipt',
  async (t) => {
    const layout = temporaryLayout(t)
    mkdirSync(layout.config, { recursive: true })
    writeFileSync(path(layout.config, 'master.yaml'), 'listen: 127.0.0.1\nport: 0\n')
    const api = connectApi(layout)
    let master = await startProcess(t, layout)
    const token = await api.call('tokens.create', { ids: ['*'], roles: [], uses: 1, expiresMs: 3_600_000 })
    const port = Number(token.master.split(':').at(-1))
    const minion = new Minion(port, await join(port, 'worker-1', token.token))
    const submit = async (): Promise<string> => {
      const target = { kind: 'glob', expression: '*' } as const
      return (await api.call('run', { target, function: 'test.ping', words: [] })).jid
    }
    await minion.come()

    minion.receipts = false
    const unreceived = await submit()
    await until('the job', () => minion.sent.includes(unreceived))
    await kill(master)
    master = await startProcess(t, layout)
    minion.receipts = true
    await minion.come()
    await until('the job again', () => minion.sent.filter((jid) => jid === unreceived).length === 2)
    t.equal(await minion.report(unreceived, 3), 3)

    for (const stored of [0, 1, 2, 3]) {
      const jid = await submit()
      await until('the receipt', async () => (await api.call('jobs.list', { limit: 1 }))[0]?.outcomes['running'] === 1)
      if (stored > 0) t.equal(await minion.report(jid, stored), stored)
      await kill(master)
      master = await startProcess(t, layout)
      await minion.come([{ jid, lastSeq: 3, ended: true }])
      t.equal(await minion.report(jid, 3), 3, `with ${stored} events stored`)
      t.match(await api.call('jobs.show', { jid }), { ok: true, targets: { 'worker-1': { return: true } } })
      t.equal(minion.sent.filter((each) => each === jid).length, 1)
      const seen: number[] = []
      for await (const { seq } of api.stream('jobs.watch', { jid }, new AbortController().signal)) seen.push(seq)
      t.same(seen, [1, 2, 3], 'no event is lost or doubled')
    }
  },
)

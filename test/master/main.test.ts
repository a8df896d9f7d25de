import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join as path } from 'node:path'
import t, { type Test } from 'tap'
import type { Layout } from '../../core/cli/layout.ts'
import { layoutOf } from '../../core/cli/layout.ts'
import type { RunEvent } from '../../core/run/event.ts'
import { connect as connectApi, type Api } from '../../master/api/client.ts'
import { socketPath } from '../../core/cli/socket.ts'
import { parseConfig } from '../../master/config.ts'
import type { Log } from '../../master/log.ts'
import { startMaster, type RunningMaster } from '../../master/main.ts'
import { connect, enroll, hello, join, SOON } from './minion.ts'
import { temporaryLayout } from './running.ts'
import { until } from './until.ts'

const HOUR = 3_600_000
const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} }
const everybody = { kind: 'glob', expression: '*' } as const

async function start(
  t: Test,
  layout: Layout = temporaryLayout(t),
): Promise<{ master: RunningMaster; api: Api; layout: Layout }> {
  const folder = path(layout.data, '../source')
  mkdirSync(path(folder, 'states'), { recursive: true })
  mkdirSync(path(folder, 'roles'), { recursive: true })
  writeFileSync(path(folder, 'states/web.yaml'), 'ready:\n  test.nop: []\n')
  writeFileSync(path(folder, 'roles/worker.yaml'), 'states: [web]\n')
  writeFileSync(path(folder, 'roles/mapping.yaml'), "'worker-*': [worker]\n")
  const settings = { listen: '127.0.0.1', port: 0, names: ['master.test'], sources: [{ name: 'here', folder }] }
  const config = parseConfig(JSON.stringify(settings), 'master.yaml')
  const master = await startMaster({ layout, config, log: quiet })
  const closing = { done: undefined as Promise<void> | undefined }
  const close = (): Promise<void> => (closing.done ??= master.close())
  t.teardown(close)
  return { master: { ...master, close }, api: connectApi(layout), layout }
}

t.test('the operator reaches the master over its socket, which is not for everybody', async (t) => {
  const { master, api, layout } = await start(t)
  t.same(await api.call('minions', {}), [])
  t.equal(statSync(socketPath(layout, 'master')).mode & 0o777, 0o660)
  for (const file of ['master.db', 'master.db-wal']) t.equal(statSync(path(layout.data, file)).mode & 0o777, 0o600)
  t.equal(readFileSync(path(layout.run, 'master.port'), 'utf8'), `${master.port}\n`)
  t.match(await api.call('sources.list', {}), [{ name: 'here', errors: [] }])
})

t.test('from the token to the result of a job', async (t) => {
  const { master, api } = await start(t)
  const token = await api.call('tokens.create', { ids: ['worker-*'], roles: ['extra'], uses: 2, expiresMs: HOUR })
  t.match(token, { master: `master.test:${master.port}`, caFingerprint: /^[0-9a-f]{64}$/u })
  t.match(token.install, /--pinnedpubkey 'sha256\/\/.+=' https:\/\/master\.test:\d+\/install\/agent\.sh\) && sh -c/u)
  t.match(await api.call('tokens.list', {}), [{ name: token.name, ids: ['worker-*'], usesLeft: 2 }])
  await enroll(master.port, 'db-server', { token: token.token })
  const identity = await join(master.port, 'worker-1', token.token)
  t.match(await api.call('keys.list', {}), [
    { id: 'db-server', state: 'pending', roles: [] },
    { id: 'worker-1', state: 'accepted', roles: ['extra', 'worker'] },
  ])
  const jobs: string[] = []
  const channel = await connect(master.port, identity, {
    job: async ({ jid }) => {
      jobs.push(jid)
      return { received: true, position: 0 }
    },
  })
  await channel.ask('hello', hello(), SOON)
  t.match(await api.call('minions', {}), [
    { id: 'worker-1', connected: true, roles: ['extra', 'worker'], version: '1' },
  ])
  const { jid, targets } = await api.call('run', { target: everybody, function: 'test.ping', words: [] })
  t.same(targets, ['worker-1'])
  await until('the job', () => jobs.includes(jid))
  const events: RunEvent[] = [{ type: 'received' }, { type: 'ended', outcome: 'succeeded', cause: '', return: true }]
  const logged = events.map((event, index) => ({ seq: index + 1, time: new Date().toISOString(), event }))
  await channel.ask('events', { jid, events: logged }, SOON)
  const seen: string[] = []
  for await (const { event } of api.stream('jobs.watch', { jid }, new AbortController().signal)) seen.push(event.type)
  t.same(seen, ['received', 'ended'])
  t.match(await api.call('jobs.show', { jid }), { ok: true, targets: { 'worker-1': { return: true } } })
  await api.call('keys.delete', { id: 'worker-1' })
  t.equal(await channel.closed, 'its key was deleted')
  t.same(await api.call('minions', {}), [])
})

t.test('wrong questions are told so, by name', async (t) => {
  const { api, layout } = await start(t)
  await t.rejects(api.call('jobs.show', { jid: '1' }), { code: 'unknown-job' })
  await t.rejects(api.call('keys.accept', { id: 'worker-1' }), { code: 'unknown-key' })
  await t.rejects(api.call('tokens.create', { ids: [], roles: [], uses: 0, expiresMs: 1 }), {
    code: 'bad-input',
    message: /'tokens.create'.*'uses'/u,
  })
  const watch = api.stream('jobs.watch', { jid: '1' }, new AbortController().signal)
  await t.rejects(watch[Symbol.asyncIterator]().next(), { code: 'unknown-job' })
  const raw = async (method: string, name: string, body: string): Promise<{ status: number; body: string }> => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
    request({ socketPath: socketPath(layout, 'master'), method, path: name }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
      .once('error', reject)
      .end(body)
    return promise
  }
  t.match(await raw('POST', '/api/v1/minion', '{}'), { status: 400, body: /Did you mean 'minions'\?/u })
  t.match(await raw('POST', '/api/v1/minions', '{'), { status: 400, body: /bad-json/u })
  t.match(await raw('POST', '/api/v1/minions', '{"x":1}'), { status: 400, body: /bad-input/u })
  t.match(await raw('POST', '/api/v1/constructor', '{}'), { status: 400, body: /unknown-operation/u })
  t.match(await raw('GET', '/', ''), { status: 400 })
})

t.test('a watcher whose master stops is told that the job goes on; the port and the rest come back', async (t) => {
  const { master, api, layout } = await start(t)
  const token = await api.call('tokens.create', { ids: ['*'], roles: [], uses: 2, expiresMs: HOUR })
  const identity = await join(master.port, 'worker-1', token.token)
  const channel = await connect(master.port, identity)
  await channel.ask('hello', hello(), SOON)
  const { jid } = await api.call('run', { target: everybody, function: 'test.ping', words: [] })
  const watching = api.stream('jobs.watch', { jid }, new AbortController().signal)[Symbol.asyncIterator]().next()
  await until('the receipt', async () => (await api.call('jobs.list', { limit: 1 }))[0]?.outcomes['running'] === 1)
  await Promise.all([t.rejects(watching, { code: 'master-ends' }), master.close()])
  await t.rejects(api.call('minions', {}), { code: 'no-master', hint: /butler-master start/u })
  const second = await start(t, layout)
  t.equal(second.master.port, master.port)
  t.match(await second.api.call('jobs.list', { limit: 1 }), [{ jid, outcomes: { running: 1 } }])
  t.match(await second.api.call('minions', {}), [{ id: 'worker-1', connected: false, lastSeen: String }])
})

t.test('one master a data folder', async (t) => {
  const { layout } = await start(t)
  await t.rejects(start(t, layout), { code: 'already-running', message: new RegExp(`process ${process.pid}`, 'u') })
})

t.test('no master, no right, no room for a socket', async (t) => {
  const layout = temporaryLayout(t)
  await t.rejects(connectApi(layout).call('minions', {}), { code: 'no-master', message: /master\.sock/u })
  const long = layoutOf({ root: `/tmp/${'x'.repeat(100)}` })
  t.throws(() => connectApi(long), { code: 'path-too-long' })
  t.notOk(existsSync(long.data))
  if (process.getuid?.() === 0) return
  const { layout: ours } = await start(t)
  chmodSync(socketPath(ours, 'master'), 0)
  await t.rejects(connectApi(ours).call('minions', {}), { code: 'not-allowed' })
})

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { connect as tlsConnect, type TLSSocket } from 'node:tls'
import t from 'tap'
import { WebSocket } from 'ws'
import type { LowState } from '../../../core/compile/low.ts'
import { MAX_FRAME } from '../../../core/protocol/messages.ts'
import { Authority } from '../../../master/pki/authority.ts'
import { createPublicKey } from 'node:crypto'
import { ask, connect, enroll, hello, join, newKey, SOON, type TestIdentity } from '../minion.ts'
import { startRunning, temporaryLayout, type Running } from '../running.ts'
import { until } from '../until.ts'

const DAY = 86_400_000
const secret = Buffer.from('for db-server only')
const digest = createHash('sha256').update(secret).digest('hex')

function lowOf(digests: readonly string[]): LowState {
  const files = Object.fromEntries(digests.map((digest) => [`butler://${digest}`, { digest, size: 1 }]))
  return { schema: 'butler.low/1', chunks: [], files, secrets: [], warnings: [], sls: ['web'] }
}

async function withMinions(t: Parameters<typeof startRunning>[0]): Promise<{
  master: Running
  worker: TestIdentity
  db: TestIdentity
}> {
  const master = await startRunning(t, { blobs: new Map([[digest, secret]]) })
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  return { master, worker: await join(master.port, 'worker-1', token), db: await join(master.port, 'db-server', token) }
}

t.test('without a certificate there is enrolment and /install, and nothing else', async (t) => {
  const { master } = await withMinions(t)
  const folder = path(master.layout.data, 'install')
  mkdirSync(folder)
  writeFileSync(path(folder, 'agent.sh'), '#!/bin/sh\n')
  symlinkSync(master.layout.pki, path(folder, 'pki'))
  t.same(await ask(master.port, '/install/agent.sh'), { status: 200, body: '#!/bin/sh\n' })
  for (const name of ['', 'nothing', 'pki', 'pki/ca.key', '../master.db', '..%2fmaster.db', '%2e%2e/master.db', '.']) {
    t.equal((await ask(master.port, `/install/${name}`)).status, 404, name)
  }
  t.equal((await ask(master.port, `/files/${digest}`)).status, 401)
  t.equal((await ask(master.port, '/agent')).status, 426)
  for (const where of ['/', '/api/v1/minions', '/enroll/x', '//enroll']) {
    t.equal((await ask(master.port, where)).status, 404, where)
  }
  t.equal((await ask(master.port, '/api/v1/keys.accept', { body: '{"id":"x"}' })).status, 404)
  const socket = new WebSocket(`wss://127.0.0.1:${master.port}/agent`, { rejectUnauthorized: false })
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
  t.equal(response.statusCode, 401)
  socket.on('error', () => {})
  socket.terminate()
})

t.test('a certificate of another CA, even for a known id and key, opens nothing', async (t) => {
  const { master, worker } = await withMinions(t)
  const other = await Authority.open(temporaryLayout(t).pki)
  const { certificate } = other.certify('worker-1', createPublicKey(worker.key))
  t.equal((await ask(master.port, `/files/${digest}`, { identity: { ...worker, certificate } })).status, 401)
  await t.rejects(connect(master.port, { ...worker, certificate }), { code: 'not-admitted' })
})

t.test("our CA's certificate for a key that was never accepted opens nothing", async (t) => {
  const { master } = await withMinions(t)
  const key = await newKey()
  const { certificate } = master.authority.certify('worker-1', createPublicKey(key))
  const stranger = { id: 'worker-1', key, certificate, ca: master.authority.ca }
  await t.rejects(connect(master.port, stranger), { code: 'not-admitted', message: /not accepted/u })
})

t.test('a file is for the minion whose open job names it', async (t) => {
  const { master, worker, db } = await withMinions(t)
  const from = async (identity: TestIdentity, what = digest) => ask(master.port, `/files/${what}`, { identity })
  t.equal((await from(db)).status, 404, 'before there is a job')
  const jid = await master.jobs.submit({
    title: 'highstate',
    by: 'operator',
    test: false,
    snapshot: 's',
    targets: new Map([
      ['db-server', { kind: 'state', test: false, snapshot: 's', low: lowOf([digest]), pillar: {} }],
      ['worker-1', { kind: 'state', test: false, snapshot: 's', low: lowOf([]), pillar: {} }],
    ]),
    deliveryMs: 60_000,
    runMs: 60_000,
  })
  t.same(await from(db), { status: 200, body: secret.toString() })
  t.equal((await from(worker)).status, 404, "another minion's")
  for (const bad of ['', 'x', '../master.db', digest.toUpperCase(), `${digest}x`])
    t.equal((await from(db, bad)).status, 404)
  await master.jobs.cancel(jid)
  t.equal((await from(db)).status, 404, 'after the job has ended')
})

t.test('a revoked minion gets no file over a connection that is open already', async (t) => {
  const { master, db } = await withMinions(t)
  const socket = tlsConnect({
    port: master.port,
    host: '127.0.0.1',
    key: db.key,
    cert: db.certificate,
    rejectUnauthorized: false,
  })
  await once(socket, 'secureConnect')
  t.match(await get(socket), /^HTTP\/1\.1 404/u)
  await master.keys.revoke('db-server')
  t.match(await get(socket), /^HTTP\/1\.1 401/u)
  socket.destroy()
})

async function get(socket: TLSSocket): Promise<string> {
  socket.write(`GET /files/${digest} HTTP/1.1\r\nhost: x\r\n\r\n`)
  const [data] = (await once(socket, 'data')) as [Buffer]
  return data.toString()
}

t.test('TLS 1.3 only, and no session is ever resumed', async (t) => {
  const { master, worker } = await withMinions(t)
  const options = {
    port: master.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    key: worker.key,
    cert: worker.certificate,
  }
  const old = tlsConnect({ ...options, maxVersion: 'TLSv1.2' })
  await once(old, 'error')
  const sessions: Buffer[] = []
  const first = tlsConnect(options)
  first.on('session', (session) => sessions.push(session))
  await once(first, 'secureConnect')
  t.match(await get(first), /^HTTP\/1\.1 404/u)
  first.destroy()
  const [session] = sessions
  if (session === undefined) return
  const second = tlsConnect({ ...options, session })
  await once(second, 'secureConnect')
  t.notOk(second.isSessionReused())
  second.destroy()
})

t.test('strangers can ask only so often, and who belongs here is not counted', async (t) => {
  const { master } = await withMinions(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const identity = await join(master.port, 'many', token)
  for (let time = 0; time < 70; time++) await enroll(master.port, 'many', { key: identity.key, token })
  const statuses: number[] = []
  for (let time = 0; time < 70; time++) statuses.push((await ask(master.port, '/enroll', { body: '{}' })).status)
  t.ok(statuses.includes(429))
  t.equal(statuses[0], 400)
})

t.test('hostile frames are answered or end their own connection, never the master', async (t) => {
  const { master, worker, db } = await withMinions(t)
  const bystander = await connect(master.port, db)
  await bystander.ask('hello', hello(), SOON)
  const open = async (): Promise<{ socket: WebSocket; said: unknown[] }> => {
    const socket = new WebSocket(`wss://127.0.0.1:${master.port}/agent`, {
      rejectUnauthorized: false,
      key: worker.key,
      cert: worker.certificate,
    })
    const said: unknown[] = []
    socket.on('message', (data: Buffer) => said.push(JSON.parse(data.toString())))
    socket.on('error', () => {})
    await once(socket, 'open')
    return { socket, said }
  }
  const asks = async (frames: readonly unknown[]): Promise<unknown[]> => {
    const { socket, said } = await open()
    for (const frame of frames) socket.send(JSON.stringify(frame))
    await until('all answers', () => said.length === frames.length)
    socket.close()
    await once(socket, 'close')
    return (said as { id: number }[]).sort((one, other) => one.id - other.id)
  }
  t.match(await asks([{ id: 1, ask: 'mine.get', body: { target: '*', function: 'x' } }]), [
    { id: 1, error: { code: 'hello-first' } },
  ])
  t.match(
    await asks([
      { id: 1, ask: 'hello', body: { ...hello(), grains: [] } },
      { id: 2, ask: 'hello', body: null },
      { id: 3, ask: 'hello', body: hello() },
      { id: 4, ask: 'helo', body: hello() },
      { id: 5, ask: '__proto__', body: {} },
      { id: 6, ask: 'events', body: { jid: '../../x', events: [] } },
      { id: 7, ask: 'events', body: { jid: '2'.repeat(20), events: [{ seq: 1, time: 'now', event: {} }] } },
      { id: 8, ask: 'state.request', body: { states: 'web' } },
    ]),
    [
      { error: { code: 'bad-message', message: /grains/u } },
      { error: { code: 'bad-message' } },
      { ok: { master: 'butler' } },
      { error: { code: 'unknown-question', hint: "Did you mean 'hello'?" } },
      { error: { code: 'unknown-question' } },
      { error: { code: 'bad-message', message: /jid/u } },
      { error: { code: 'bad-message', message: /events/u } },
      { error: { code: 'bad-message', message: /states/u } },
    ],
  )
  for (const frame of ['{', 'x'.repeat(MAX_FRAME + 1), '[]', Buffer.from('binary')]) {
    const { socket } = await open()
    socket.send(frame)
    await once(socket, 'close')
  }
  const deep = await open()
  deep.socket.send(`{"id":1,"ask":"hello","body":{"grains":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`)
  await until('an answer or the end', () => deep.said.length > 0 || deep.socket.readyState !== WebSocket.OPEN)
  deep.socket.terminate()
  t.ok(master.connections.isConnected('db-server'), 'who minds its own business stays')
  t.match(await bystander.ask('hello', hello(), SOON), { master: 'butler' })
})

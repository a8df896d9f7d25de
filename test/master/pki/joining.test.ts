import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { join as path } from 'node:path'
import t from 'tap'
import { makeRequest } from '../../../minion/identity/request.ts'
import { ask, connect, enroll, hello, join, newKey, SOON } from '../minion.ts'
import { startRunning } from '../running.ts'
import { until } from '../until.ts'

const DAY = 86_400_000

t.test('a token enrols the ids that it names, as often as it says', async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['worker-*'], roles: ['worker'], uses: 1, expiresMs: DAY })
  const { answer } = await enroll(master.port, 'worker-1', { token })
  t.match(answer, { state: 'accepted' })
  t.same(master.keys.tokenRoles('worker-1'), ['worker'])
  t.match((await enroll(master.port, 'worker-2', { token })).answer, { state: 'denied', reason: /used up/u })
  t.same(master.keys.ids(), ['worker-1'])
})

t.test('a certificate is for the id, good for 30 days, and begins a little in the past', async (t) => {
  const now = Date.now()
  const master = await startRunning(t, { now: () => now })
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 1, expiresMs: DAY })
  const { certificate, ca } = await join(master.port, 'db-server', token)
  const read = new X509Certificate(certificate)
  t.equal(read.subject, 'CN=db-server')
  t.ok(read.verify(new X509Certificate(ca).publicKey))
  t.ok(read.validFromDate.getTime() < now)
  t.equal(Math.round((read.validToDate.getTime() - now) / DAY), 30)
})

t.test('an id that the token does not name waits for the operator, and shows its fingerprint', async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['worker-*'], roles: ['worker'], uses: 5, expiresMs: DAY })
  const { answer, key } = await enroll(master.port, 'db-server', { token })
  t.match(answer, { state: 'pending', retryAfter: Number })
  const [row] = await master.keys.list()
  t.equal(row?.state, 'pending')
  t.equal(answer.state === 'pending' ? answer.fingerprint : '', row?.fingerprint)
  t.same(JSON.parse(row?.roles ?? ''), [], "a token's roles are for the ids that it names")
  t.equal((await master.tokens.list())[0]?.usesLeft, 5)
  await master.keys.accept('db-server')
  t.match((await enroll(master.port, 'db-server', { key })).answer, { state: 'accepted' })
})

t.test('wrong, expired and revoked tokens', async (t) => {
  const clock = { now: Date.now() }
  const master = await startRunning(t, { now: () => clock.now })
  const made = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const revoked = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: 10 * DAY })
  await master.tokens.revoke(revoked.name)
  await t.rejects(master.tokens.revoke('nothing'), { code: 'unknown-token' })
  t.match((await enroll(master.port, 'a', { token: 'guess' })).answer, { state: 'denied', reason: /not known/u })
  t.match((await enroll(master.port, 'a', { token: revoked.token })).answer, { state: 'denied', reason: /revoked/u })
  clock.now += 2 * DAY
  t.match((await enroll(master.port, 'a', { token: made.token })).answer, { state: 'denied', reason: /expired/u })
  t.same(await master.keys.list(), [])
  t.notOk(JSON.stringify(await master.store.selectFrom('tokens').selectAll().execute()).includes(made.token))
})

t.test("nobody enrols with another's id", async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: ['db-server'], uses: 5, expiresMs: DAY })
  const owner = await join(master.port, 'db-server', token)
  const thief = await enroll(master.port, 'db-server', { token })
  t.match(thief.answer, { state: 'denied', reason: /known with another key/u })
  t.match(
    (await master.keys.list()).map(({ state }) => state),
    ['accepted', 'denied'],
  )
  t.equal((await master.tokens.list())[0]?.usesLeft, 4)
  t.match((await enroll(master.port, 'db-server', { key: owner.key })).answer, { state: 'accepted' }, 'the owner can')
  t.test('until the operator says otherwise, by its fingerprint', async (t) => {
    const rows = await master.keys.of('db-server')
    const other = rows.find((row) => row.state === 'denied')
    await t.rejects(master.keys.accept('db-server'), { code: 'which-key' })
    await master.keys.accept('db-server', other?.fingerprint)
    t.match((await enroll(master.port, 'db-server', { key: thief.key })).answer, { state: 'accepted' })
    t.match((await enroll(master.port, 'db-server', { key: owner.key })).answer, { state: 'denied' })
  })
})

t.test('of two machines that ask for one id at the same time one gets it', async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const keys = await Promise.all([newKey(), newKey(), newKey()])
  const all = await Promise.all(keys.map((key) => enroll(master.port, 'worker-1', { key, token })))
  t.equal(all.filter(({ answer }) => answer.state === 'accepted').length, 1)
})

t.test('a request must be for its id, signed with its key, and of a sensible size', async (t) => {
  const master = await startRunning(t)
  const key = await newKey()
  const other = await enroll(master.port, 'worker-1', { key, named: 'db-server' })
  t.match(other.answer, { errors: [{ code: 'bad-request', message: /for 'db-server'/u }] })
  const forged = withOtherSignature(makeRequest('worker-1', key))
  const bodies = [
    JSON.stringify({ id: 'worker-1', request: forged }),
    JSON.stringify({ id: 'worker-1', request: 'no request' }),
    JSON.stringify({ id: '../../etc', request: makeRequest('x', key) }),
    JSON.stringify({ id: 7 }),
    '{',
    'x'.repeat(100_000),
  ]
  for (const body of bodies) t.equal((await ask(master.port, '/enroll', { body })).status, 400)
  t.same(await master.keys.list(), [])
})

t.test('an expired certificate is renewed by proof of the key, a revoked one is not', async (t) => {
  const clock = { now: Date.now() - 40 * DAY }
  const master = await startRunning(t, { now: () => clock.now })
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const identity = await join(master.port, 'worker-1', token)
  await t.rejects(connect(master.port, identity), { code: 'not-admitted', message: /CERT_HAS_EXPIRED/u })
  clock.now = Date.now()
  const renew = async (key: string) =>
    ask(master.port, '/renew', { body: JSON.stringify({ id: 'worker-1', request: makeRequest('worker-1', key) }) })
  t.equal((await renew(await newKey())).status, 400, 'with another key')
  const renewed = JSON.parse((await renew(identity.key)).body) as { certificate: string; ca: string }
  const channel = await connect(master.port, { ...identity, ...renewed })
  await channel.ask('hello', hello(), SOON)
  const again = await channel.ask('renew', { request: makeRequest('worker-1', identity.key) }, SOON)
  t.equal(new X509Certificate(again.certificate).subject, 'CN=worker-1')
  await master.keys.revoke('worker-1')
  t.equal((await renew(identity.key)).status, 400)
  t.equal(await channel.closed, 'its key was revoked')
})

t.test('a revoked minion is out at once, and stays out', async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const identity = await join(master.port, 'worker-1', token)
  const channel = await connect(master.port, identity)
  await channel.ask('hello', hello(), SOON)
  await until('the connection', () => master.connections.isConnected('worker-1'))
  await master.keys.revoke('worker-1')
  t.equal(await channel.closed, 'its key was revoked')
  await t.rejects(connect(master.port, identity), { code: 'not-admitted', message: /not accepted/u })
  t.match((await enroll(master.port, 'worker-1', { key: identity.key, token })).answer, { state: 'denied' })
  t.match((await enroll(master.port, 'worker-1', { token })).answer, { state: 'denied' }, 'nor with a new key')
  await master.keys.delete('worker-1')
  t.match((await enroll(master.port, 'worker-1', { token })).answer, { state: 'accepted' }, 'but after delete')
})

t.test('keys and certificates outlive the master, and nobody else can read them', async (t) => {
  const first = await startRunning(t)
  const { token } = await first.tokens.create({ ids: ['*'], roles: ['worker'], uses: 5, expiresMs: DAY })
  const identity = await join(first.port, 'worker-1', token)
  for (const file of ['ca.key', 'master.key']) t.equal(statSync(path(first.layout.pki, file)).mode & 0o777, 0o600)
  t.equal(statSync(first.layout.pki).mode & 0o777, 0o700)
  const { fingerprint, pin } = first.authority
  await first.stop()
  const second = await startRunning(t, { layout: first.layout })
  t.same([second.authority.fingerprint, second.authority.pin], [fingerprint, pin])
  t.same(second.keys.tokenRoles('worker-1'), ['worker'])
  const channel = await connect(second.port, identity)
  await channel.ask('hello', hello(), SOON)
})

/** The same request with one bit of its signature turned. */
function withOtherSignature(request: string): string {
  const bytes = Buffer.from(request.replaceAll(/-----.*-----/gu, ''), 'base64')
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
  return `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
}

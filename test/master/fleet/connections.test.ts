import { once } from 'node:events'
import { connect as tcp, createServer, type AddressInfo, type Socket } from 'node:net'
import t from 'tap'
import { connect, hello, join, SOON } from '../minion.ts'
import { startRunning } from '../running.ts'
import { until } from '../until.ts'

const DAY = 86_400_000

t.test('of two live connections of one id the newer waits, and both are shown', async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const identity = await join(master.port, 'worker-1', token)
  const first = await connect(master.port, identity)
  await first.ask('hello', hello({ version: 'first' }), SOON)
  const second = await connect(master.port, identity)
  const answered = second.ask('hello', hello({ version: 'second' }), SOON)
  const both = await until('the second', () => {
    const line = master.connections.connected().get('worker-1')
    return line?.waiting.length === 1 ? line : undefined
  })
  t.equal(both.hello.version, 'first')
  t.equal(both.waiting[0], '127.0.0.1')
  const third = await connect(master.port, identity)
  third.close('no patience')
  await third.closed
  first.close('over')
  await answered
  t.equal(master.connections.connected().get('worker-1')?.hello.version, 'second')
  t.equal(master.minions.get('worker-1')?.version, 'second')
  const more = await Promise.all([1, 2, 3, 4, 5].map(() => connect(master.port, identity)))
  t.match(await Promise.race(more.map((channel) => channel.closed)), /connections of 'worker-1' are open already/u)
})

t.test('a machine that lost its network comes back before its old connection is known to be dead', async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const identity = await join(master.port, 'worker-1', token)
  const path: Socket[] = []
  const between = createServer((near) => {
    const far = tcp(master.port, '127.0.0.1')
    path.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => socket.destroy())
    near.pipe(far).pipe(near)
  })
  between.listen(0, '127.0.0.1')
  await once(between, 'listening')
  t.teardown(() => {
    for (const socket of path) socket.destroy()
    between.close()
  })
  const old = await connect((between.address() as AddressInfo).port, identity)
  await old.ask('hello', hello({ version: 'old' }), SOON)
  for (const socket of path) socket.pause()
  const fresh = await connect(master.port, identity)
  await fresh.ask('hello', hello({ version: 'fresh' }), SOON)
  t.equal(master.connections.connected().get('worker-1')?.hello.version, 'fresh')
})

t.test('presence is exact, and what a minion said is known when it is gone and after a restart', async (t) => {
  const master = await startRunning(t)
  const { token } = await master.tokens.create({ ids: ['*'], roles: [], uses: 5, expiresMs: DAY })
  const identity = await join(master.port, 'worker-1', token)
  const heard: string[] = []
  master.connections.onConnect((id, { version }) => heard.push(`${id} ${version}`))
  master.connections.onDisconnect((id, cause) => heard.push(`${id} ${cause}`))
  await t.rejects(master.connections.ask('worker-1', 'job.cancel', { jid: '1' }, SOON), { code: 'not-connected' })
  const channel = await connect(master.port, identity, {
    // A minion that answers what it should not.
    refresh: async () => ({ mine: [] }) as never,
  })
  await channel.ask('hello', hello({ grains: { os: 'Debian' } }), SOON)
  await t.rejects(master.connections.ask('worker-1', 'refresh', { grains: true, mine: {} }, SOON), {
    code: 'bad-message',
  })
  channel.close('good night')
  await until('its end', () => heard.length === 2)
  t.same(heard, ['worker-1 1', 'worker-1 good night'])
  await master.stop()
  const second = await startRunning(t, { layout: master.layout })
  t.same(second.minions.get('worker-1')?.grains, { os: 'Debian' })
})

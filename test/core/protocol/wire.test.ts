import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket, connect as tcp } from 'node:net'
import t, { type Test } from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import type { Ask } from '../../../core/protocol/messages.ts'
import { MAX_FRAME } from '../../../core/protocol/messages.ts'
import { Channel, type Answerers } from '../../../core/protocol/channel.ts'
import { WIRE, wire, type WireOptions } from '../../../core/protocol/wire.ts'

interface Echo {
  echo: Ask<string, string>
}
const echo: Answerers<Echo> = { echo: async (text) => (text === 'a lot' ? 'x'.repeat(MAX_FRAME) : text) }
const ask = { timeoutMs: 10_000 }

interface Ends {
  client: Channel<Echo, Echo>
  server: Channel<Echo, Echo>
  /** The client's websocket, to do what no channel would. */
  socket: WebSocket
  /** Both directions of the path between them: cut silently when paused. */
  path: Socket[]
}

async function connect(t: Test, options?: WireOptions): Promise<Ends> {
  const path: Socket[] = []
  const server = new WebSocketServer({ ...WIRE, port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const between = createServer((near) => {
    const far = tcp((server.address() as AddressInfo).port, '127.0.0.1')
    path.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => socket.destroy())
    near.pipe(far).pipe(near)
  })
  between.listen(0, '127.0.0.1')
  await once(between, 'listening')
  const accepted = once(server, 'connection')
  const socket = new WebSocket(`ws://127.0.0.1:${(between.address() as AddressInfo).port}`, [], WIRE)
  await once(socket, 'open')
  const client = new Channel<Echo, Echo>(wire(socket, options), echo)
  const [other] = (await accepted) as [WebSocket]
  const ends = { client, server: new Channel<Echo, Echo>(wire(other, options), echo), socket, path }
  t.teardown(() => {
    socket.terminate()
    other.terminate()
    for (const end of path) end.destroy()
    between.close()
    server.close()
  })
  return ends
}

t.test('carries questions both ways', async (t) => {
  const { client, server } = await connect(t)
  t.equal(await client.ask('echo', 'grüezi', ask), 'grüezi')
  t.equal(await server.ask('echo', 'x'.repeat(MAX_FRAME - 100), ask), 'x'.repeat(MAX_FRAME - 100))
})

t.test('what is too large for a frame is refused before it is sent, and the connection lives', async (t) => {
  const { client } = await connect(t)
  await t.rejects(client.ask('echo', 'x'.repeat(MAX_FRAME), ask), { code: 'frame-too-large' })
  await t.rejects(client.ask('echo', 'a lot', ask), { code: 'frame-too-large' })
  t.equal(await client.ask('echo', 'still here', ask), 'still here')
})

t.test('a frame that is too large nevertheless ends the connection', async (t) => {
  const { server, socket } = await connect(t)
  socket.send('x'.repeat(MAX_FRAME + 1))
  t.match(await server.closed, /payload|size/iu)
})

t.test('the other side learns why it was closed', async (t) => {
  const { client, server } = await connect(t)
  server.close('another connection of this minion is open')
  t.equal(await client.closed, 'another connection of this minion is open')
  t.equal(await server.closed, 'another connection of this minion is open')
})

t.test('a long cause is cut to what a close frame holds', async (t) => {
  const { client, server } = await connect(t)
  server.close('ü'.repeat(100))
  t.equal(await client.closed, 'ü'.repeat(60))
})

t.test('both ends notice a path that is gone', async (t) => {
  const { client, server, path } = await connect(t, { pingMs: 20, silentMs: 100 })
  for (const socket of path) {
    socket.unpipe()
    socket.pause()
  }
  t.match(await client.closed, /no sign of life/u)
  t.match(await server.closed, /no sign of life/u)
})

t.test('pings keep a connection that has nothing to say', async (t) => {
  const { client, server, socket } = await connect(t, { pingMs: 10, silentMs: 5000 })
  for (let seen = 0; seen < 5; seen++) await once(socket, 'pong')
  t.equal(await client.ask('echo', 'here', ask), 'here')
  server.close('done')
  await client.closed
})

t.test('one that does not read is let go', async (t) => {
  const { server, path } = await connect(t, { maxBuffered: 3 * MAX_FRAME })
  for (const socket of path) {
    socket.unpipe()
    socket.pause()
  }
  const asked = Array.from({ length: 30 }, () => server.ask('echo', 'x'.repeat(MAX_FRAME - 100), ask))
  t.match(await server.closed, /does not read/u)
  const ends = await Promise.allSettled(asked)
  t.ok(ends.every((end) => end.status === 'rejected'))
})

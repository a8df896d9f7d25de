import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { json } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { WebSocketServer, type WebSocket } from 'ws'
import type { DataMap } from '../../../core/data.ts'
import { Channel, type Answerers } from '../../../core/protocol/channel.ts'
import type { Hello, JobMessage, ToMaster, ToMinion } from '../../../core/protocol/messages.ts'
import { WIRE, wire } from '../../../core/protocol/wire.ts'
import type { LoggedEvent, RunEvent } from '../../../core/run/event.ts'
import { UserError } from '../../../core/errors.ts'
import { Authority } from '../../../master/pki/authority.ts'
import { until } from './until.ts'

type MinionChannel = Channel<ToMinion, ToMaster>

/**
 * The master's end of the protocol over real TLS, for tests of the agent that need to decide what the master does and
 * when: it keeps what it is told, stores events or refuses to, and sends jobs when it is asked to.
 */
export class TestMaster {
  readonly authority: Authority
  readonly hellos: Hello[] = []
  /** What is stored, by jid. */
  readonly events = new Map<string, LoggedEvent[]>()
  /** Files that are given out, by digest. */
  readonly files = new Map<string, Uint8Array>()
  /** What is answered to a `POST`, by path; an answer with `errors` is a refusal. */
  readonly posts = new Map<string, (body: DataMap) => object>()
  /** Set: no event is stored. */
  deaf = false
  /** Answers to `state.request` and others that a test wants to give. */
  answers: Partial<Answerers<ToMaster>> = {}
  readonly #server: Server
  readonly #sockets: WebSocketServer
  #channel: MinionChannel | undefined

  private constructor(authority: Authority, server: Server) {
    this.authority = authority
    this.#server = server
    this.#sockets = new WebSocketServer({ ...WIRE, server, path: '/agent' })
    this.#sockets.on('connection', (socket, request) => this.#connected(socket, request.socket as TLSSocket))
    server.on('request', (request, response) => void this.#request(request, response))
  }

  static async start(folder: string, port = 0): Promise<TestMaster> {
    const authority = await Authority.open(join(folder, 'pki'))
    const { key, certificate, ca } = authority.serverCredentials([])
    const server = createServer({ key, cert: certificate, ca, requestCert: true, rejectUnauthorized: false })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return new TestMaster(authority, server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get channel(): MinionChannel | undefined {
    return this.#channel
  }

  async connected(hellos = this.hellos.length + 1): Promise<void> {
    await until('a connected minion', () => this.#channel !== undefined && this.hellos.length >= hellos)
  }

  async send(message: JobMessage): Promise<{ received: true; position: number }> {
    const channel = await until('a connection', () => this.#channel)
    return channel.ask('job', message, { timeoutMs: 30_000 })
  }

  async ask<Type extends keyof ToMinion>(
    type: Type,
    question: ToMinion[Type]['question'],
  ): Promise<ToMinion[Type]['answer']> {
    const channel = await until('a connection', () => this.#channel)
    return channel.ask(type, question, { timeoutMs: 60_000 })
  }

  eventsOf(jid: string): RunEvent[] {
    return (this.events.get(jid) ?? []).map(({ event }) => event)
  }

  async ended(jid: string): Promise<RunEvent & { type: 'ended' }> {
    return until(`the end of ${jid}`, () => {
      const last = this.eventsOf(jid).at(-1)
      return last?.type === 'ended' ? last : undefined
    })
  }

  async has(jid: string, type: RunEvent['type'], count = 1): Promise<void> {
    await until(
      `${count} ${type} of ${jid}`,
      () => this.eventsOf(jid).filter((event) => event.type === type).length >= count,
    )
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#sockets.close()
    this.#server.close()
    this.#server.closeAllConnections()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  #connected(socket: WebSocket, { authorized }: TLSSocket): void {
    if (!authorized) {
      socket.terminate()
      return
    }
    const channel: MinionChannel = new Channel<ToMinion, ToMaster>(wire(socket), {
      hello: async (hello) => {
        this.hellos.push(hello)
        this.#channel = channel
        return { master: 'test', time: new Date().toISOString() }
      },
      events: async ({ jid, events }) => ({ stored: this.#store(jid, events) }),
      'state.request': none,
      'pillar.request': none,
      'low.request': none,
      'template.request': none,
      'mine.put': none,
      'mine.get': none,
      renew: none,
      ...this.answers,
    })
    void this.#forgetWhenClosed(channel)
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const post = this.posts.get(path)
    if (post !== undefined) {
      const answer = post((await json(request)) as DataMap)
      response.writeHead('errors' in answer ? 400 : 200).end(JSON.stringify(answer))
      return
    }
    const content = this.files.get(path.replace('/files/', ''))
    const allowed = (request.socket as TLSSocket).authorized && content !== undefined
    response.writeHead(allowed ? 200 : 404).end(allowed ? content : '')
  }

  async #forgetWhenClosed(channel: MinionChannel): Promise<void> {
    await channel.closed
    if (this.#channel === channel) this.#channel = undefined
  }

  #store(jid: string, events: readonly LoggedEvent[]): number {
    if (this.deaf) throw new UserError('deaf', 'Not now.')
    const stored = this.events.get(jid) ?? []
    this.events.set(jid, stored)
    for (const event of events) if (event.seq === stored.length + 1) stored.push(event)
    return stored.length
  }
}

async function none(): Promise<never> {
  throw new UserError('not-in-this-test', 'This master does not answer that.')
}

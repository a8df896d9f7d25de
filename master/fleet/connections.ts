import type { WebSocket } from 'ws'
import { UserError, stackOf } from '../../core/errors.ts'
import { Channel, type Answerers } from '../../core/protocol/channel.ts'
import type { Hello, ToMaster, ToMinion } from '../../core/protocol/messages.ts'
import { wire, type WireOptions } from '../../core/protocol/wire.ts'
import type { Data } from '../../core/data.ts'
import type { Log } from '../log.ts'
import type { Connected, Fleet } from './fleet.ts'
import { answers, questions } from './questions.ts'

/** Whose connection it is, by its certificate. */
export interface Peer {
  id: string
  address: string
}

interface Session extends Peer {
  channel: Channel<ToMinion, ToMaster>
  socket: WebSocket
  since: string
  /** Set once it may speak for its id. */
  hello: Hello | undefined
  /** Resolves when the connections of the same id that came before it have ended. */
  turn: PromiseWithResolvers<void>
}

type Answerer = (id: string, question: never) => Promise<unknown>

/** How long an older connection may take to prove that it is alive when a newer one of its id comes, in ms. */
const PROOF_MS = 5000
/** How many connections one id may have: who has more is no minion. */
const MAX_SESSIONS = 4

export interface ConnectionsOptions {
  log: Log
  now: () => number
  /** Keeps what a hello says; the hello is answered afterwards. */
  said: (id: string, hello: Hello, address: string) => Promise<void>
  wire?: WireOptions
}

/** The fleet over websockets. The first connection of an id speaks for it; a newer one waits until that has ended. */
export class Connections implements Fleet {
  readonly #options: ConnectionsOptions
  /** By id, oldest first. */
  readonly #sessions = new Map<string, Session[]>()
  readonly #answerers = new Map<string, Answerer>()
  readonly #onConnect: ((id: string, hello: Hello) => void)[] = []
  readonly #onDisconnect: ((id: string, cause: string) => void)[] = []

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** Takes over an open websocket. To be called in the tick in which it opened. */
  attach(socket: WebSocket, peer: Peer): void {
    const session: Session = {
      ...peer,
      socket,
      channel: new Channel(
        wire(socket, this.#options.wire),
        this.#answerersFor(() => session),
        {
          parsers: questions,
          onBug: (error, type) =>
            this.#options.log.error(`'${type}' of ${peer.id} met a bug`, { error: stackOf(error) }),
        },
      ),
      since: new Date(this.#options.now()).toISOString(),
      hello: undefined,
      turn: Promise.withResolvers(),
    }
    const sessions = this.#sessions.get(peer.id) ?? []
    if (sessions.length >= MAX_SESSIONS) {
      session.channel.close(`${MAX_SESSIONS} connections of '${peer.id}' are open already`)
      return
    }
    this.#sessions.set(peer.id, [...sessions, session])
    const [oldest] = sessions
    if (oldest === undefined) session.turn.resolve()
    else wantProof(oldest)
    void session.channel.closed.then((cause) => this.#left(session, cause))
  }

  connected(): ReadonlyMap<string, Connected> {
    return new Map(
      [...this.#sessions].flatMap(([id, [first, ...waiting]]) =>
        first?.hello === undefined
          ? []
          : [
              [
                id,
                {
                  hello: first.hello,
                  since: first.since,
                  address: first.address,
                  waiting: waiting.map((session) => session.address),
                },
              ],
            ],
      ),
    )
  }

  isConnected(id: string): boolean {
    return this.#sessions.get(id)?.[0]?.hello !== undefined
  }

  async ask<Type extends keyof ToMinion>(
    id: string,
    type: Type,
    question: ToMinion[Type]['question'],
    options: { timeoutMs: number },
  ): Promise<ToMinion[Type]['answer']> {
    const session = this.#sessions.get(id)?.[0]
    if (session?.hello === undefined) throw new UserError('not-connected', `'${id}' is not connected.`)
    const answer: unknown = await session.channel.ask(type, question, options)
    // The cast is the border: what came is data, and the parser makes the answer of it.
    return answers[type](answer as Data)
  }

  answer<Type extends keyof ToMaster>(
    type: Type,
    answerer: (id: string, question: ToMaster[Type]['question']) => Promise<ToMaster[Type]['answer']>,
  ): void {
    this.#answerers.set(type, answerer)
  }

  onConnect(listener: (id: string, hello: Hello) => void): void {
    this.#onConnect.push(listener)
  }

  onDisconnect(listener: (id: string, cause: string) => void): void {
    this.#onDisconnect.push(listener)
  }

  drop(id: string, cause: string): void {
    for (const session of this.#sessions.get(id) ?? []) session.channel.close(cause)
  }

  /** Ends all connections; resolves when they are gone. */
  async close(cause: string): Promise<void> {
    const all = [...this.#sessions.values()].flat()
    for (const session of all) session.channel.close(cause)
    await Promise.all(all.map((session) => session.channel.closed))
  }

  #answerersFor(session: () => Session): Answerers<ToMaster> {
    const pass =
      <Type extends keyof ToMaster>(type: Type) =>
      async (question: ToMaster[Type]['question']): Promise<ToMaster[Type]['answer']> =>
        this.#answer(session(), type, question)
    return {
      hello: (hello) => this.#hello(session(), hello),
      events: pass('events'),
      'state.request': pass('state.request'),
      'pillar.request': pass('pillar.request'),
      'low.request': pass('low.request'),
      'template.request': pass('template.request'),
      'mine.put': pass('mine.put'),
      'mine.get': pass('mine.get'),
      renew: pass('renew'),
    }
  }

  async #answer<Type extends keyof ToMaster>(
    session: Session,
    type: Type,
    question: ToMaster[Type]['question'],
  ): Promise<ToMaster[Type]['answer']> {
    if (session.hello === undefined) throw new UserError('hello-first', `The first message must be 'hello'.`)
    const answerer = this.#answerers.get(type)
    if (answerer === undefined) throw new UserError('unknown-question', `This master does not answer '${type}'.`)
    // `answer()` is the only way in, and there the types of the two agree.
    return answerer(session.id, question as never) as Promise<ToMaster[Type]['answer']>
  }

  async #hello(session: Session, hello: Hello): Promise<ToMaster['hello']['answer']> {
    await session.turn.promise
    const first = session.hello === undefined
    await this.#options.said(session.id, hello, session.address)
    session.hello = hello
    // After the answer is on its way; a second hello on a connection only brings fresh grains.
    if (first) setImmediate(() => this.#arrived(session, hello))
    return { master: 'butler', time: new Date(this.#options.now()).toISOString() }
  }

  #arrived(session: Session, hello: Hello): void {
    if (this.#sessions.get(session.id)?.[0] !== session) return
    this.#options.log.info('minion connected', { minion: session.id, address: session.address })
    for (const listener of this.#onConnect) listener(session.id, hello)
  }

  #left(session: Session, cause: string): void {
    const sessions = this.#sessions.get(session.id) ?? []
    const wasFirst = sessions[0] === session
    const rest = sessions.filter((each) => each !== session)
    if (rest.length === 0) this.#sessions.delete(session.id)
    else this.#sessions.set(session.id, rest)
    session.turn.promise.catch(() => {})
    session.turn.reject(new UserError('connection-lost', 'The connection ended before its turn came.'))
    if (!wasFirst) return
    if (session.hello !== undefined) {
      this.#options.log.info('minion disconnected', { minion: session.id, cause })
      for (const listener of this.#onDisconnect) listener(session.id, cause)
    }
    rest[0]?.turn.resolve()
  }
}

/** A machine that lost its network comes back before its old connection is known to be dead. */
function wantProof({ socket, channel }: Session): void {
  const timer = setTimeout(() => channel.close('it gave no sign of life when a newer connection came'), PROOF_MS)
  timer.unref()
  socket.once('pong', () => clearTimeout(timer))
  if (socket.readyState === socket.OPEN) socket.ping()
}

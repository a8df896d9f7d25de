import type { Data } from '../data.ts'
import type { ErrorData } from '../errors.ts'
import { UserError, UserErrors, userErrorsOf } from '../errors.ts'
import { suggest } from '../text/nearest.ts'
import { parseFrame } from './frame.ts'
import type { Ask, Frame } from './messages.ts'

/** What carries frames: a websocket, a local socket, a test's pair of queues. Texts arrive whole and in order. */
export interface Transport {
  /** Throws the `UserError` `frame-too-large`; after the end it does nothing. */
  send(text: string): void
  /** Ends it; the other side is told the cause where the transport can. */
  close(cause: string): void
  /** Who is called for what arrives. Set once, at once; nothing is kept for a later listener. */
  listen(listener: { text: (text: string) => void; closed: (cause: string) => void }): void
}

/** A map from a message's name to its question and answer, such as `ToMaster`. */
type Questions<Map> = { [Type in keyof Map]: Ask<unknown, unknown> }

export type Question<Map extends Questions<Map>, Type extends keyof Map> = Map[Type]['question']
export type AnswerTo<Map extends Questions<Map>, Type extends keyof Map> = Map[Type]['answer']

/** Who answers each question of the other side. A thrown `UserError` goes back as such; anything else is a bug. */
export type Answerers<Map extends Questions<Map>> = {
  [Type in keyof Map]: (question: Question<Map, Type>) => Promise<AnswerTo<Map, Type>>
}

/** What makes a question of data that came over the wire; throws a `UserError` when it can't. */
export type Parsers<Map extends Questions<Map>> = {
  [Type in keyof Map]?: (body: Data) => Question<Map, Type>
}

export interface ChannelOptions<Incoming extends Questions<Incoming>> {
  /** Left out where the other side is trusted, as a minion trusts its master. */
  parsers?: Parsers<Incoming>
  /** Told of what an answerer threw that is no `UserError`. */
  onBug?: (error: unknown, type: string) => void
}

interface Waiting {
  answered(answer: Data): void
  failed(error: Error): void
}

/** How many questions may wait for their answers at once, each way. */
export const MAX_OUTSTANDING = 1000

/**
 * Questions and answers over one connection, both ways. Every question ends: with its answer, the other side's
 * `UserError`, `no-answer` in time, or `connection-lost`.
 */
export class Channel<Outgoing extends Questions<Outgoing>, Incoming extends Questions<Incoming>> {
  /** Resolves with the cause when the connection has ended; never rejects. */
  readonly closed: Promise<string>
  readonly #transport: Transport
  readonly #answerers: ReadonlyMap<string, (question: unknown) => Promise<unknown>>
  readonly #parsers: ReadonlyMap<string, (body: Data) => unknown>
  readonly #onBug: (error: unknown, type: string) => void
  readonly #waiting = new Map<number, Waiting>()
  #answering = 0
  #lastId = 0
  #cause: string | undefined

  constructor(transport: Transport, answerers: Answerers<Incoming>, options: ChannelOptions<Incoming> = {}) {
    this.#transport = transport
    this.#answerers = new Map(Object.entries(answerers))
    this.#parsers = new Map(Object.entries(options.parsers ?? {}))
    this.#onBug = options.onBug ?? (() => {})
    const { promise, resolve } = Promise.withResolvers<string>()
    this.closed = promise
    transport.listen({
      text: (text) => this.#receive(text),
      closed: (cause) => {
        this.#end(cause)
        resolve(this.#cause ?? cause)
      },
    })
  }

  /** Asks the other side. `timeoutMs` is for the whole question; a late answer is dropped. */
  async ask<Type extends keyof Outgoing & string>(
    type: Type,
    question: Question<Outgoing, Type>,
    options: { timeoutMs: number },
  ): Promise<AnswerTo<Outgoing, Type>> {
    if (this.#cause !== undefined) throw lost(this.#cause)
    if (this.#waiting.size >= MAX_OUTSTANDING) {
      throw new UserError('too-many-questions', `${MAX_OUTSTANDING} questions already wait for an answer.`)
    }
    const id = ++this.#lastId
    this.#transport.send(JSON.stringify({ id, ask: type, body: question }))
    const { promise, resolve, reject } = Promise.withResolvers<Data>()
    const timer = setTimeout(() => reject(noAnswer(type, options.timeoutMs)), options.timeoutMs)
    this.#waiting.set(id, { answered: resolve, failed: reject })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  /** Ends the connection. Questions that still wait are rejected with the cause. */
  close(cause: string): void {
    this.#end(cause)
    this.#transport.close(cause)
  }

  #end(cause: string): void {
    this.#cause ??= cause
    for (const waiting of this.#waiting.values()) waiting.failed(lost(this.#cause))
    this.#waiting.clear()
  }

  #receive(text: string): void {
    const frame = parseFrame(text)
    if (frame === undefined) this.close('received something that is no frame')
    else if ('ask' in frame) void this.#answer(frame.id, frame.ask, frame.body)
    else this.#settle(frame)
  }

  #settle(frame: Exclude<Frame, { ask: string }>): void {
    const waiting = this.#waiting.get(frame.id)
    if (waiting === undefined) return
    if ('ok' in frame) waiting.answered(frame.ok)
    else waiting.failed(errorOf([frame.error, ...(frame.others ?? [])]))
  }

  async #answer(id: number, type: string, body: Data): Promise<void> {
    if (this.#answering >= MAX_OUTSTANDING) {
      this.#reply({ id, error: { code: 'busy', message: `${MAX_OUTSTANDING} questions are being answered already.` } })
      return
    }
    this.#answering++
    try {
      const answer = await this.#answerer(type)(this.#parsers.get(type)?.(body) ?? body)
      this.#reply({ id, ok: (answer ?? null) as Data })
    } catch (thrown) {
      this.#reply({ id, ...this.#errorsFor(thrown, type) })
    } finally {
      this.#answering--
    }
  }

  #answerer(type: string): (question: unknown) => Promise<unknown> {
    const answerer = this.#answerers.get(type)
    if (answerer !== undefined) return answerer
    const hint = suggest(type, this.#answerers.keys()) ?? 'The other side is newer: update this one.'
    throw new UserError('unknown-question', `The question '${type}' is not known here.`, { hint })
  }

  #errorsFor(thrown: unknown, type: string): { error: ErrorData; others?: ErrorData[] } {
    const [first, ...others] = userErrorsOf(thrown) ?? []
    if (first === undefined) {
      this.#onBug(thrown, type)
      return { error: { code: 'bug', message: `A bug kept '${type}' from being answered: see the log there.` } }
    }
    return { error: first.toJSON(), ...(others.length > 0 ? { others: others.map((error) => error.toJSON()) } : {}) }
  }

  #reply(frame: Frame): void {
    try {
      this.#transport.send(JSON.stringify(frame))
    } catch (thrown) {
      // An answer that fits no frame: the asker must not wait for it.
      const [error = new UserError('frame-too-large', 'The answer is too large.')] = userErrorsOf(thrown) ?? []
      this.#transport.send(JSON.stringify({ id: frame.id, error }))
    }
  }
}

function lost(cause: string): UserError {
  return new UserError('connection-lost', `The connection ended before the answer: ${cause}.`)
}

function noAnswer(type: string, timeoutMs: number): UserError {
  return new UserError('no-answer', `No answer to '${type}' within ${timeoutMs} ms.`)
}

function errorOf(errors: readonly ErrorData[]): Error {
  const made = errors.map((error) => UserError.fromData(error))
  return made.length === 1 && made[0] !== undefined ? made[0] : new UserErrors(made)
}

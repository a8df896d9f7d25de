import { setTimeout as wait } from 'node:timers/promises'
import { UserError, userErrorsOf } from '../../core/errors.ts'
import type { Hello, ToMaster } from '../../core/protocol/messages.ts'
import type { Log } from '../log.ts'
import { Backoff } from './backoff.ts'
import type { MasterChannel } from './dial.ts'

export interface LinkOptions {
  /** Connects once; `UserError`s say why not. */
  dial(signal: AbortSignal): Promise<MasterChannel>
  /** What we are, asked for at every new connection. */
  hello(): Promise<Hello>
  log: Log
  backoff?: Backoff
}

/** How the connection stands, for people. */
export interface LinkStatus {
  connected: boolean
  /** ISO 8601: since when it has been so. */
  since: string
  /** The master's name while connected, else why it is not. */
  words: string
}

/** A connection whose hello the master has answered. `signal` is aborted when it ends. */
export interface Session {
  channel: MasterChannel
  signal: AbortSignal
}

/** How long the master may think about a hello: the newer of two connections waits for the older one's end. */
const HELLO_MS = 60_000

/** Keeps the minion connected to its master: again and again, with growing pauses, until it is told to stop. */
export class Link {
  readonly #options: LinkOptions
  readonly #backoff: Backoff
  #session: Session | undefined
  #status: LinkStatus = { connected: false, since: new Date().toISOString(), words: 'not tried yet' }

  constructor(options: LinkOptions) {
    this.#options = options
    this.#backoff = options.backoff ?? new Backoff()
  }

  get status(): LinkStatus {
    return this.#status
  }

  get session(): Session | undefined {
    return this.#session
  }

  /** Asks the master. Throws `not-connected` at once when there is no connection. */
  async ask<Type extends keyof ToMaster>(
    type: Type,
    question: ToMaster[Type]['question'],
    options: { timeoutMs: number },
  ): Promise<ToMaster[Type]['answer']> {
    if (this.#session === undefined) {
      throw new UserError('not-connected', `The minion is not connected to its master: ${this.#status.words}.`, {
        hint: "'butler-minion status' shows the connection; --local works without a master.",
      })
    }
    return this.#session.channel.ask(type, question, options)
  }

  /** Returns when the signal is aborted and the connection is closed. `started` is called with every new session. */
  async run(signal: AbortSignal, started: (session: Session) => void): Promise<void> {
    while (!signal.aborted) {
      const cause = await this.#once(signal, started)
      if (signal.aborted) return
      const pause = this.#backoff.next()
      this.#away(cause)
      await wait(pause, undefined, { signal }).catch(() => {})
    }
  }

  /** One connection from its beginning to its end; returns why it ended. */
  async #once(signal: AbortSignal, started: (session: Session) => void): Promise<string> {
    const ended = new AbortController()
    const close = (): void => this.#session?.channel.close('the minion stops')
    signal.addEventListener('abort', close)
    try {
      const channel = await this.#options.dial(signal)
      void channel.closed.then(() => ended.abort())
      const { master } = await channel.ask('hello', await this.#options.hello(), { timeoutMs: HELLO_MS })
      this.#session = { channel, signal: ended.signal }
      this.#backoff.reset()
      this.#status = { connected: true, since: new Date().toISOString(), words: master }
      this.#options.log.info('connected', { master })
      started(this.#session)
      if (signal.aborted) close()
      return await channel.closed
    } catch (thrown) {
      const [error] = userErrorsOf(thrown) ?? []
      if (error === undefined) this.#options.log.error('a bug while connecting', { stack: String(thrown) })
      return error === undefined ? String(thrown) : [error.message, error.hint].filter(Boolean).join(' ')
    } finally {
      this.#session = undefined
      signal.removeEventListener('abort', close)
      ended.abort()
    }
  }

  /** Said once for every new cause, not at every try. */
  #away(cause: string): void {
    if (!this.#status.connected && this.#status.words === cause) return
    this.#options.log.warn('not connected', { cause })
    this.#status = { connected: false, since: new Date().toISOString(), words: cause }
  }
}

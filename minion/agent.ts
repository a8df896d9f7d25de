import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Layout } from '../core/cli/layout.ts'
import type { DataMap } from '../core/data.ts'
import { UserError, stackOf } from '../core/errors.ts'
import type { Answerers } from '../core/protocol/channel.ts'
import type { Hello, ToMinion } from '../core/protocol/messages.ts'
import type { WireOptions } from '../core/protocol/wire.ts'
import { formatAddress, type Address, type MinionConfig } from './config/config.ts'
import { idOf, readIdentity } from './identity/identity.ts'
import { lifetimeOf } from './identity/lifetime.ts'
import { renewExpired, Renewal } from './identity/renewal.ts'
import type { Backoff } from './link/backoff.ts'
import { dial } from './link/dial.ts'
import { Link, type Session } from './link/link.ts'
import type { Log } from './log.ts'
import { LocalSocket } from './socket/local.ts'
import { Delivery } from './spool/delivery.ts'
import { Spool } from './spool/spool.ts'
import type { Description, Home } from './jobs/order.ts'
import { askWorker } from './jobs/start.ts'
import { Work } from './jobs/work.ts'

export interface AgentOptions {
  layout: Layout
  config: MinionConfig
  version: string
  log: Log
  /** Other times than the usual ones, for tests. */
  backoff?: Backoff
  wire?: WireOptions
  lostMs?: number
}

/** How long the master has to send a job again that was never begun, after a new connection, in milliseconds. */
const LOST_MS = 60_000
/** What the machine says of itself is asked anew for a new connection when it is older than this, in milliseconds. */
const FRESH_MS = 5 * 60_000

/**
 * One minion: connected to its master, doing what it is sent, telling what happened. Runs until the signal; jobs that
 * run then go on, and the next agent finds them.
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { layout, config, log } = options
  const address = masterOf(config)
  const id = certifiedId(layout, config.id)
  requireFence(config.confine)
  // The socket first: it is what keeps two agents from one spool.
  await using socket = await LocalSocket.open({
    layout,
    status: () => agent.status(),
    ask: (type, question, limits) => agent.link.ask(type, question, limits),
    spool: () => agent.spool,
    cancel: (jid) => agent.work.cancel(jid),
  })
  const agent = new Agent(options, address, id)
  log.info('started', { id, version: options.version, master: formatAddress(address), socket: socket.path })
  await agent.run(signal)
  log.info('stopped')
}

class Agent {
  readonly #options: AgentOptions
  readonly #address: Address
  readonly #id: string
  readonly #home: Home
  readonly link: Link
  readonly spool: Spool
  readonly work: Work
  readonly #delivery: Delivery
  #description: { said: Promise<Description>; at: number } | undefined
  /** The latest answer, for work that must not wait for a new one. */
  #known: Description = { grains: {}, catalog: '', functions: [] }

  constructor(options: AgentOptions, address: Address, id: string) {
    const { layout, config, log } = options
    this.#options = options
    this.#address = address
    this.#id = id
    this.#home = { layout, confine: config.confine, master: address }
    this.spool = new Spool(join(layout.data, 'spool'))
    this.link = new Link({
      dial: (signal) => this.#dial(signal),
      hello: () => this.#hello(),
      log,
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
    })
    this.#delivery = new Delivery(this.spool, log)
    this.work = new Work({
      spool: this.spool,
      home: this.#home,
      grains: () => this.#grains(),
      functions: () => this.#known.functions,
      log,
      spooled: (jid) => this.#delivery.deliver(jid),
    })
  }

  async run(signal: AbortSignal): Promise<void> {
    using work = this.work
    using delivery = this.#delivery
    using renewal = new Renewal({
      home: this.#home,
      id: this.#id,
      link: this.link,
      log: this.#options.log,
    })
    work.recover()
    await this.link.run(signal, (session) => {
      delivery.connected(session)
      renewal.look()
      this.#awaitLost(session)
    })
  }

  status() {
    const { version, layout } = this.#options
    return {
      id: this.#id,
      version,
      pid: process.pid,
      master: formatAddress(this.#address),
      ...this.link.status,
      certificateEnds: new Date(lifetimeOf(readIdentity(layout).certificate).endsAt).toISOString(),
      jobs: this.work.jobs(),
    }
  }

  async #dial(signal: AbortSignal): ReturnType<typeof dial> {
    const { layout, log } = this.#options
    await renewExpired(this.#home, this.#id, log)
    return dial({
      address: this.#address,
      identity: readIdentity(layout),
      answerers: this.#answerers(),
      onBug: (error, type) => log.error('a bug while answering', { type, stack: stackOf(error) }),
      signal,
      ...(this.#options.wire === undefined ? {} : { wire: this.#options.wire }),
    })
  }

  #answerers(): Answerers<ToMinion> {
    return {
      job: async (message) => {
        await this.#describe(Number.POSITIVE_INFINITY)
        return this.work.receive(message)
      },
      'job.cancel': async ({ jid }) => this.work.cancel(jid),
      refresh: async ({ grains, mine }) => {
        const fresh = grains ? { grains: this.#grains(await this.#describe(0)) } : {}
        return { ...fresh, mine: await this.#mine(mine) }
      },
    }
  }

  async #hello(): Promise<Hello> {
    const description = await this.#describe(FRESH_MS)
    return {
      version: this.#options.version,
      catalog: description.catalog,
      functions: description.functions,
      grains: this.#grains(description),
      jobs: this.work.held(),
    }
  }

  /** Asks a worker what this machine is, unless that was asked within `freshMs`; two who ask at once share the answer. */
  async #describe(freshMs: number): Promise<Description> {
    if (this.#description === undefined || performance.now() - this.#description.at > freshMs) {
      const said = askWorker({ kind: 'describe', home: this.#home })
      this.#description = { said, at: performance.now() }
      said.catch(() => {
        this.#description = undefined
      })
    }
    this.#known = await this.#description.said
    return this.#known
  }

  /** What the machine says of itself, then what the configuration says of it. */
  #grains(description: Description = this.#known): DataMap {
    return { ...description.grains, ...this.#options.config.grains, id: this.#id }
  }

  async #mine(functions: ToMinion['refresh']['question']['mine']): Promise<ToMinion['refresh']['answer']['mine']> {
    if (Object.keys(functions).length === 0) return {}
    const { values, failed } = await askWorker({ kind: 'mine', home: this.#home, grains: this.#grains(), functions })
    for (const [alias, cause] of Object.entries(failed))
      this.#options.log.warn('no value for the mine', { alias, cause })
    return values
  }

  #awaitLost({ signal }: Session): void {
    const timer = setTimeout(() => this.work.giveUpLost(), this.#options.lostMs ?? LOST_MS)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  }
}

function masterOf(config: MinionConfig): Address {
  if (config.master !== undefined) return config.master
  throw new UserError('no-master', 'This minion does not know its master.', {
    hint: 'Write `master: HOST` into minion.yaml, or run: butler-minion enroll --master HOST --ca-fingerprint SHA256',
  })
}

/** The id is the certificate's, since the master goes by nothing else. */
function certifiedId(layout: Layout, configured: string | undefined): string {
  const certified = idOf(readIdentity(layout))
  if (configured === undefined || certified === configured) return certified
  throw new UserError(
    'other-id',
    `This minion's certificate is for '${certified}', its configuration says '${configured}'.`,
    {
      hint: 'Set `id` in minion.yaml to the one of the certificate, or enrol again.',
    },
  )
}

/** Without the folder every write would be refused, job after job. */
function requireFence(confine: string | undefined): void {
  if (confine === undefined || existsSync(confine)) return
  throw new UserError('no-such-folder', `The minion is confined to ${confine}, and there is no such folder.`, {
    hint: 'Make it, or change `confine` in minion.yaml.',
  })
}

import type { Layout } from '../../core/cli/layout.ts'
import { UserError } from '../../core/errors.ts'
import type { Answerers } from '../../core/protocol/channel.ts'
import type { ToMaster } from '../../core/protocol/messages.ts'
import { follow } from '../spool/follow.ts'
import type { Spool } from '../spool/spool.ts'
import type { AgentStatus, ToAgent } from './messages.ts'
import { socketPath } from '../../core/cli/socket.ts'
import { serve, type ClientChannel, type Served } from './serve.ts'

export interface LocalOptions {
  layout: Layout
  status: () => AgentStatus
  /** Asks the master. */
  ask: <Type extends keyof ToMaster>(
    type: Type,
    question: ToMaster[Type]['question'],
    options: { timeoutMs: number },
  ) => Promise<ToMaster[Type]['answer']>
  spool: () => Spool
  cancel: (jid: string) => { known: boolean }
}

/** A compile of a large state tree takes its time. In milliseconds. */
const COMPILE_MS = 300_000
const ASK_MS = 60_000
/** How long a job may take from the master's word to our disk, in milliseconds. */
const ARRIVE_MS = 60_000
const EVENTS_MS = 60_000

/** The agent's door for programs of this machine: `butler-call` and `butler-minion status`. */
export class LocalSocket implements AsyncDisposable {
  readonly path: string
  readonly #served: Served

  private constructor(path: string, served: Served) {
    this.path = path
    this.#served = served
  }

  static async open(options: LocalOptions): Promise<LocalSocket> {
    const path = socketPath(options.layout, 'minion')
    return new LocalSocket(path, await serve(path, (client) => answerersFor(options, client)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#served.close()
  }
}

function answerersFor(options: LocalOptions, client: () => ClientChannel): Answerers<ToAgent> {
  const { ask, spool } = options
  return {
    status: async () => options.status(),
    'state.request': (question) => ask('state.request', question, { timeoutMs: COMPILE_MS }),
    'pillar.request': (question) => ask('pillar.request', question, { timeoutMs: ASK_MS }),
    'low.request': (question) => ask('low.request', question, { timeoutMs: COMPILE_MS }),
    'template.request': (question) => ask('template.request', question, { timeoutMs: ASK_MS }),
    'mine.get': (question) => ask('mine.get', question, { timeoutMs: ASK_MS }),
    cancel: async ({ jid }) => options.cancel(jid),
    follow: async ({ jid }) => {
      await tell(jid, spool(), client())
      return {}
    },
  }
}

async function tell(jid: string, spool: Spool, client: ClientChannel): Promise<void> {
  const gone = new AbortController()
  void client.closed.then(() => gone.abort())
  await arrival(jid, spool, gone.signal)
  for await (const events of follow(spool.eventsOf(jid), { after: 0, signal: gone.signal })) {
    await client.ask('events', { jid, events: [...events] }, { timeoutMs: EVENTS_MS })
  }
}

/** The master's answer and its job come on one connection, but the job may be the later one. */
async function arrival(jid: string, spool: Spool, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + ARRIVE_MS
  while (!spool.isHere(jid) && !signal.aborted) {
    if (performance.now() > deadline) throw new UserError('job-not-here', `The job ${jid} did not arrive here.`)
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
}

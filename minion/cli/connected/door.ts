import { setTimeout as wait } from 'node:timers/promises'
import type { Layout } from '../../../core/cli/layout.ts'
import { UserError } from '../../../core/errors.ts'
import { versionOf } from '../../../core/release/version.ts'
import type { LoggedEvent } from '../../../core/run/event.ts'
import { runAgent } from '../../agent.ts'
import { readConfig } from '../../config/config.ts'
import type { Log } from '../../log.ts'
import { askAgent, type AgentChannel } from '../../socket/ask.ts'
import { socketPath } from '../../../core/cli/socket.ts'

/** The way to the master: this machine's agent, or, when none runs, one that lives as long as this call. */
export interface Door extends AsyncDisposable {
  agent: AgentChannel
  id: string
}

type Heard = (jid: string, events: readonly LoggedEvent[]) => void

/** How long an agent of our own may take to be connected, in milliseconds. */
const CONNECT_MS = 15_000
const STATUS_MS = 10_000

/** @param heard told of the events of jobs that are followed */
export async function openDoor(layout: Layout, heard: Heard = () => {}): Promise<Door> {
  const running = await askAgent(socketPath(layout, 'minion'), heard)
  if (running === undefined) return ownAgent(layout, heard)
  const { id } = await running.ask('status', {}, { timeoutMs: STATUS_MS })
  return { agent: running, id, [Symbol.asyncDispose]: async () => running.close('done') }
}

async function ownAgent(layout: Layout, heard: Heard): Promise<Door> {
  const stop = new AbortController()
  const config = await readConfig(layout)
  const running = runAgent({ layout, config, version: versionOf(process.argv[1]), log: QUIET }, stop.signal)
  const failed = running.then(() => undefined)
  const close = async (): Promise<void> => {
    stop.abort()
    await running
  }
  try {
    // What keeps it from starting is thrown; else its socket answers soon.
    const agent = await Promise.race([failed, connected(layout, heard)])
    if (agent === undefined) throw new Error('the agent ended at once')
    const { id } = await agent.ask('status', {}, { timeoutMs: STATUS_MS })
    return {
      agent,
      id,
      [Symbol.asyncDispose]: async () => {
        agent.close('done')
        await close()
      },
    }
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

async function connected(layout: Layout, heard: Heard): Promise<AgentChannel> {
  const deadline = performance.now() + CONNECT_MS
  for (let words = 'it did not start'; ;) {
    const agent = await askAgent(socketPath(layout, 'minion'), heard)
    const status = await agent?.ask('status', {}, { timeoutMs: STATUS_MS })
    if (agent !== undefined && status?.connected) return agent
    words = status?.words ?? words
    agent?.close('not connected')
    if (performance.now() > deadline) {
      throw new UserError('not-connected', `No agent runs here, and this call did not reach the master: ${words}`, {
        hint: "Start the agent ('systemctl start butler-minion'), or work without a master: --local.",
      })
    }
    await wait(50)
  }
}

/** It speaks by what it throws, and by its status. */
const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} }

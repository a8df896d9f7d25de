import { once } from 'node:events'
import { connect } from 'node:net'
import { UserError } from '../../core/errors.ts'
import { Channel } from '../../core/protocol/channel.ts'
import type { LoggedEvent } from '../../core/run/event.ts'
import { lines } from './lines.ts'
import type { FromAgent, ToAgent } from './messages.ts'

export type AgentChannel = Channel<ToAgent, FromAgent>

/**
 * Connects to the agent of this machine. `undefined` when none runs; throws the `UserError` `agent-not-ours` when one
 * does and we may not speak to it.
 */
export async function askAgent(
  path: string,
  heard: (jid: string, events: readonly LoggedEvent[]) => void,
): Promise<AgentChannel | undefined> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
    throw new UserError('agent-not-ours', `The agent's socket ${path} can't be opened: ${String(error)}.`, {
      hint: 'Run it as root, or as the user that the minion belongs to.',
      cause: error,
    })
  }
  return new Channel<ToAgent, FromAgent>(lines(socket), {
    events: async ({ jid, events }) => {
      heard(jid, events)
      return {}
    },
  })
}

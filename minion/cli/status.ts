import { textOption, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { layoutOf } from '../../core/cli/layout.ts'
import { UserError } from '../../core/errors.ts'
import type { AgentStatus } from '../socket/messages.ts'

export const status: Command = {
  name: 'status',
  summary: 'Shows whether the agent runs and is connected, and what it is doing.',
  details: 'Exit code 1 when it runs and is not connected, 2 when it does not run.',
  examples: ['butler-minion status', 'butler-minion status --json'],
  async run(call) {
    const [{ askAgent }, { socketPath }] = await Promise.all([
      import('../socket/ask.ts'),
      import('../../core/cli/socket.ts'),
    ])
    const layout = layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') })
    const agent = await askAgent(socketPath(layout, 'minion'), () => {})
    if (agent === undefined) {
      throw new UserError('no-agent', `No agent runs here: nothing answers at ${socketPath(layout, 'minion')}.`, {
        hint: "Start it: 'systemctl start butler-minion', or 'butler-minion start'.",
      })
    }
    const answer = await agent.ask('status', {}, { timeoutMs: 10_000 })
    agent.close('done')
    call.io.data(answer)
    call.io.print(shown(answer))
    return answer.connected ? EXIT.ok : EXIT.failed
  },
}

function shown(status: AgentStatus): string {
  const jobs = status.jobs.map(({ jid, state }) => `${jid} ${state}`)
  return [
    `id           ${status.id}`,
    `agent        ${status.version}, process ${status.pid}`,
    `master       ${status.master}`,
    `connection   ${status.connected ? `connected to ${status.words}` : `not connected: ${status.words}`}`,
    `since        ${status.since}`,
    `certificate  until ${status.certificateEnds}`,
    `jobs         ${jobs.length === 0 ? 'none' : jobs.join(', ')}`,
  ].join('\n')
}

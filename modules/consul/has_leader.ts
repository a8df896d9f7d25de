import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { askAgent } from './agent.ts'

export const hasLeader = fn({
  summary: 'Whether the Consul cluster has a leader, as the agent of this machine sees it.',
  args: () => args({}),
  example: 'consul.has_leader',
  changes: false,
  async run(view) {
    const leader = await askAgent(view, '/v1/status/leader')
    return typeof leader === 'string' && leader !== ''
  },
})

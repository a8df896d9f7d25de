import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const getHostname = fn({
  summary: 'Answers the name of this machine.',
  args: () => args({}),
  example: 'network.get_hostname',
  changes: false,
  run: async (view) => view.grains['nodename'] ?? view.grains['host'] ?? (await view.query(['hostname'])).stdout.trim(),
})

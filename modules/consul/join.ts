import { args, texts } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const join = fn({
  summary: 'Has the agent of this machine join the cluster that others are in. Answers what Consul says.',
  args: () => args({ addresses: texts('Addresses of members: one is enough.') }),
  example: 'consul.join 10.0.0.2',
  changes: true,
  async run(host, { addresses }) {
    const { stdout } = await host.run(['consul', 'join', ...addresses], { check: true })
    return stdout.trim()
  },
})

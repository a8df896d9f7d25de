import { args, text, texts } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { consul } from './program.ts'

export const join = fn({
  summary: 'Has the agent of this machine join the cluster that others are in. Answers what Consul says.',
  args: () =>
    args({
      addresses: texts('Addresses of members: one is enough.'),
      token: text('A token that lets the agent be told, where Consul wants one.').optional(),
    }),
  example: 'consul.join 10.0.0.2',
  changes: true,
  async run(host, { addresses, token }) {
    const { stdout } = await consul(host, ['join', ...addresses], token)
    return stdout.trim()
  },
})

import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { policiesOf } from './policies.ts'
import { tell } from './rabbitmqctl.ts'

export const policyAbsent = state({
  summary: 'There is no such policy in a virtual host of RabbitMQ.',
  args: () => args({ name: text("The policy's name."), vhost: text('The virtual host.').default('/') }),
  reports: { policy: 'The policy that was there.' },
  example: `
    short-lived:
      rabbitmq_policy.absent:
        - vhost: butler_vhost
  `,
  async *plan(view, { name, vhost }) {
    if (!(await policiesOf(view, vhost))?.has(name)) return `Policy ${name} is not there`
    yield change('policy', { old: name, new: '' }, [{ kind: 'broker', name: 'policies' }], (host) =>
      tell(host, ['clear_policy', '-p', vhost, '--', name]),
    )
    return ''
  },
})

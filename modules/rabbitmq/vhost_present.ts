import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { tell } from './rabbitmqctl.ts'
import { vhostsOf } from './vhosts.ts'

export const vhostPresent = state({
  summary: 'The virtual host exists in RabbitMQ.',
  args: () => args({ name: text("The virtual host's name.") }),
  reports: { vhost: 'The virtual host, when it was made.' },
  example: `
    butler_vhost:
      rabbitmq_vhost.present: []
  `,
  makes: () => [{ kind: 'broker', name: 'vhosts' }],
  async *plan(view, { name }) {
    if ((await vhostsOf(view)).includes(name)) return `Virtual host ${name} is there`
    yield change('vhost', { old: '', new: name }, [{ kind: 'broker', name: 'vhosts' }], (host) =>
      tell(host, ['add_vhost', '--', name]),
    )
    return ''
  },
})

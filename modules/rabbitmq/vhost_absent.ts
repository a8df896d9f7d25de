import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { tell } from './rabbitmqctl.ts'
import { vhostsOf } from './vhosts.ts'

export const vhostAbsent = state({
  summary: 'There is no such virtual host in RabbitMQ; its queues go with it.',
  args: () => args({ name: text("The virtual host's name.") }),
  reports: { vhost: 'The virtual host that was there.' },
  example: `
    old_vhost:
      rabbitmq_vhost.absent: []
  `,
  async *plan(view, { name }) {
    if (!(await vhostsOf(view)).includes(name)) return `Virtual host ${name} is not there`
    yield change('vhost', { old: name, new: '' }, [{ kind: 'broker', name: 'vhosts' }], (host) =>
      tell(host, ['delete_vhost', '--', name]),
    )
    return ''
  },
})

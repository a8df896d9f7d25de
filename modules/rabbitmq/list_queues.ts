import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { ask, textIn } from './rabbitmqctl.ts'

export const listQueues = fn({
  summary: 'Answers the queues of a virtual host of RabbitMQ: how many messages wait in each, and who consumes them.',
  args: () => args({ vhost: text('The virtual host.').default('/') }),
  example: 'rabbitmq.list_queues butler_vhost',
  changes: false,
  async run(view, { vhost }) {
    const rows = await ask(view, ['list_queues', '-p', vhost, 'name', 'messages', 'consumers'])
    return Object.fromEntries(
      rows.map((row) => [textIn(row, 'name'), { messages: row['messages'] ?? 0, consumers: row['consumers'] ?? 0 }]),
    )
  },
})

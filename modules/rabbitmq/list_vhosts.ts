import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { vhostsOf } from './vhosts.ts'

export const listVhosts = fn({
  summary: 'Answers the names of the virtual hosts of RabbitMQ.',
  args: () => args({}),
  example: 'rabbitmq.list_vhosts',
  changes: false,
  run: (view) => vhostsOf(view),
})

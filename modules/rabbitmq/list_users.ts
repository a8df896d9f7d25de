import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { usersOf } from './users.ts'

export const listUsers = fn({
  summary: 'Answers the users of RabbitMQ with their tags, by name.',
  args: () => args({}),
  example: 'rabbitmq.list_users',
  changes: false,
  run: async (view) => Object.fromEntries([...(await usersOf(view))].map(([name, { tags }]) => [name, [...tags]])),
})

import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { tell } from './rabbitmqctl.ts'
import { usersOf } from './users.ts'

export const userAbsent = state({
  summary: 'There is no such user in RabbitMQ.',
  args: () => args({ name: text("The user's name.") }),
  reports: { user: 'The user that was there.' },
  example: `
    guest:
      rabbitmq_user.absent: []
  `,
  async *plan(view, { name }) {
    if (!(await usersOf(view)).has(name)) return `User ${name} is not there`
    yield change('user', { old: name, new: '' }, [{ kind: 'broker', name: 'users' }], (host) =>
      tell(host, ['delete_user', '--', name]),
    )
    return ''
  },
})

import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connectionArgs, connectionOf, execute } from './connection.ts'
import { rolesFact } from './roles.ts'
import { identifier } from './sql.ts'

export const userAbsent = state({
  summary: 'There is no such database user.',
  args: () => args({ name: text("The database user's name."), ...connectionArgs }),
  reports: { '<name>': '`Absent`.' },
  example: `
    trainee:
      postgres_user.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const connection = connectionOf(want)
    const roles = await ask(view, connection, rolesFact(connection))
    if (!roles.byName.has(want.name)) {
      return yield* planOf([], `User ${want.name} is not present, so it cannot be removed`)
    }
    const removing = change(want.name, 'Absent', [{ kind: 'database-user', name: want.name }], async (host) => {
      await execute(host, connection, [`DROP ROLE ${identifier(want.name)}`])
      return { comment: `User ${want.name} has been removed` }
    })
    return yield* planOf([removing], '')
  },
})

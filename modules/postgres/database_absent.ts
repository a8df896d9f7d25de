import { args, flag, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connectionArgs, connectionOf, execute } from './connection.ts'
import { databasesFact } from './databases.ts'
import { identifier } from './sql.ts'

export const databaseAbsent = state({
  summary: 'There is no such database.',
  args: () =>
    args({
      name: text("The database's name."),
      force: flag('Ends the sessions that use it.').default(false),
      ...connectionArgs,
    }),
  reports: { '<name>': '`Absent`.' },
  example: `
    scratch:
      postgres_database.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const connection = connectionOf(want)
    if (!(await ask(view, connection, databasesFact(connection))).has(want.name)) {
      return yield* planOf([], `Database ${want.name} is not present, so it cannot be removed`)
    }
    const removing = change(want.name, 'Absent', [{ kind: 'database', name: want.name }], async (host) => {
      await execute(host, connection, [`DROP DATABASE ${identifier(want.name)}${want.force ? ' WITH (FORCE)' : ''}`])
      return { comment: `Database ${want.name} has been removed` }
    })
    return yield* planOf([removing], '')
  },
})

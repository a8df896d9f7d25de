import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connectionArgs, connectionName, connectionOf, execute, rows } from './connection.ts'
import { identifier, literal } from './sql.ts'

export const schemaAbsent = state({
  summary: 'There is no such schema in the database. One that holds anything is not dropped: that is an error.',
  args: () =>
    args({ name: text("The schema's name."), dbname: text('The database that it is in.'), ...connectionArgs }),
  reports: { '<name>': '`Absent`.' },
  example: `
    old_reports:
      postgres_schema.absent:
        - dbname: run_tracking
  `,
  makes: () => [],
  async *plan(view, want) {
    const connection = { ...connectionOf(want), database: want.dbname }
    const found = await ask(view, connection, {
      name: `PostgreSQL schema ${want.name} of ${connectionName(connection)}`,
      stale: ['database', 'unit', 'package'],
      read: (view) => rows(view, connection, `SELECT 1 AS one FROM pg_namespace WHERE nspname = ${literal(want.name)}`),
    })
    if (found.length === 0) return yield* planOf([], `Schema ${want.name} is not there`)
    const made = [{ kind: 'database' as const, name: `${want.dbname}.${want.name}` }]
    const dropping = change(want.name, 'Absent', made, (host) =>
      execute(host, connection, [`DROP SCHEMA ${identifier(want.name)}`]),
    )
    return yield* planOf([dropping], '')
  },
})

import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connectionArgs, connectionName, connectionOf, execute, rows } from './connection.ts'
import { identifier, literal } from './sql.ts'

export const schemaPresent = state({
  summary: 'The schema exists in a database, and belongs to this user.',
  args: () =>
    args({
      name: text("The schema's name."),
      dbname: text('The database that it is in.'),
      owner: text('The database user that it belongs to. Left out: who makes it, and it stays as it is.').optional(),
      ...connectionArgs,
    }),
  reports: { '<name>': '`Present`, when it was made.', owner: 'Its owner before and after.' },
  example: `
    reports:
      postgres_schema.present:
        - dbname: run_tracking
        - owner: butler
  `,
  makes: () => [],
  async *plan(view, want) {
    const connection = { ...connectionOf(want), database: want.dbname }
    const [has] = await ask(view, connection, {
      name: `PostgreSQL schema ${want.name} of ${connectionName(connection)}`,
      stale: ['database', 'unit', 'package'],
      read: (view) =>
        rows(
          view,
          connection,
          `SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = ${literal(want.name)}`,
        ),
    })
    const makes = [{ kind: 'database' as const, name: `${want.dbname}.${want.name}` }]
    const { owner } = want
    if (has === undefined) {
      const belongs = owner === undefined ? '' : ` AUTHORIZATION ${identifier(owner)}`
      const creating = change(want.name, 'Present', makes, async (host) => {
        await execute(host, connection, [`CREATE SCHEMA ${identifier(want.name)}${belongs}`])
        return { comment: `Schema ${want.name} has been created in database ${want.dbname}` }
      })
      return yield* planOf([creating], '')
    }
    const handing = change('owner', { old: has['owner'] ?? null, new: owner ?? null }, makes, (host) =>
      execute(host, connection, [`ALTER SCHEMA ${identifier(want.name)} OWNER TO ${identifier(owner ?? '')}`]),
    )
    const differs = owner !== undefined && has['owner'] !== owner
    return yield* planOf(differs ? [handing] : [], `Schema ${want.name} already exists in database ${want.dbname}`)
  },
})

import { UserError } from '../../core/errors.ts'
import { args, path, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connectionArgs, connectionName, connectionOf, execute, rows } from './connection.ts'
import { identifier, literal } from './sql.ts'

export const tablespacePresent = state({
  summary: 'The tablespace exists, in this folder, and belongs to this user.',
  args: () =>
    args({
      name: text("The tablespace's name."),
      directory: path('The folder that it keeps its files in; it must be there, empty, and belong to the server.'),
      owner: text('The database user that it belongs to. Left out: who makes it, and it stays as it is.').optional(),
      ...connectionArgs,
    }),
  reports: { '<name>': '`Present`, when it was made.', owner: 'Its owner before and after.' },
  example: `
    run_dbspace:
      postgres_tablespace.present:
        - directory: /data/run_tracking/db
        - owner: butler
  `,
  makes: () => [],
  async *plan(view, want) {
    const connection = connectionOf(want)
    const [has] = await ask(view, connection, {
      name: `PostgreSQL tablespace ${want.name} of ${connectionName(connection)}`,
      stale: ['database', 'unit', 'package'],
      read: (view) =>
        rows(
          view,
          connection,
          'SELECT pg_tablespace_location(oid) AS directory, pg_get_userbyid(spcowner) AS owner ' +
            `FROM pg_tablespace WHERE spcname = ${literal(want.name)}`,
        ),
    })
    const makes = [{ kind: 'database' as const, name: `tablespace ${want.name}` }]
    const { owner } = want
    if (has === undefined) {
      if ((await view.stat(want.directory)) === undefined) view.missing({ kind: 'path', name: want.directory })
      const belongs = owner === undefined ? '' : `OWNER ${identifier(owner)} `
      const creating = change(want.name, 'Present', makes, (host) =>
        execute(host, connection, [
          `CREATE TABLESPACE ${identifier(want.name)} ${belongs}LOCATION ${literal(want.directory)}`,
        ]),
      )
      return yield* planOf([creating], '')
    }
    if (has['directory'] !== want.directory) {
      throw new UserError('elsewhere', `The tablespace '${want.name}' lies in ${JSON.stringify(has['directory'])}.`, {
        hint: `PostgreSQL can't move one: make another in ${want.directory}, and move what is in this one.`,
      })
    }
    const handing = change('owner', { old: has['owner'] ?? null, new: owner ?? null }, makes, (host) =>
      execute(host, connection, [`ALTER TABLESPACE ${identifier(want.name)} OWNER TO ${identifier(owner ?? '')}`]),
    )
    const differs = owner !== undefined && has['owner'] !== owner
    return yield* planOf(differs ? [handing] : [], `Tablespace ${want.name} is already present`)
  },
})

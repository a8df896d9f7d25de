import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connectionArgs, connectionName, connectionOf, execute, rows } from './connection.ts'
import { identifier, literal } from './sql.ts'

export const extensionPresent = state({
  summary: 'The extension is there in the database that `maintenance_db` names.',
  args: () =>
    args({
      name: text("The extension's name."),
      ext_version: text('Its version; else any.').optional(),
      schema: text('The schema that it is put in.').optional(),
      ...connectionArgs,
    }),
  reports: { '<name>': '`Present`, when it was made.', version: 'The version before and after.' },
  example: `
    pg_stat_statements:
      postgres_extension.present:
        - maintenance_db: run_tracking
  `,
  makes: () => [],
  async *plan(view, want) {
    const connection = connectionOf(want)
    const [has] = await ask(view, connection, {
      name: `PostgreSQL extension ${want.name} of ${connectionName(connection)}`,
      stale: ['database', 'unit', 'package'],
      read: (view) =>
        rows(view, connection, `SELECT extversion AS version FROM pg_extension WHERE extname = ${literal(want.name)}`),
    })
    const version = want.ext_version
    const makes = [{ kind: 'database' as const, name: connection.database }]
    if (has === undefined) {
      const words = [
        ...(want.schema === undefined ? [] : [`SCHEMA ${identifier(want.schema)}`]),
        ...(version === undefined ? [] : [`VERSION ${literal(version)}`]),
      ]
      const creating = change(want.name, 'Present', makes, async (host) => {
        await execute(host, connection, [`CREATE EXTENSION ${identifier(want.name)} ${words.join(' ')}`.trimEnd()])
        return { comment: `The extension ${want.name} has been installed` }
      })
      return yield* planOf([creating], '')
    }
    const old = has['version'] ?? null
    const upgrading = change('version', { old, new: version ?? null }, makes, (host) =>
      execute(host, connection, [`ALTER EXTENSION ${identifier(want.name)} UPDATE TO ${literal(version ?? '')}`]),
    )
    const differs = version !== undefined && version !== old
    return yield* planOf(differs ? [upgrading] : [], `Extension ${want.name} is already present`)
  },
})

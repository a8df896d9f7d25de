import { anything, args, integer, text } from '../../core/module/args.ts'
import { state } from '../../core/module/state.ts'
import { place } from './python.ts'
import { rowPresent } from './row.ts'

export const connectionPresent = state({
  summary: 'Airflow has this connection. What is not given stays as it is.',
  args: () =>
    args({
      name: text('Its id, by which tasks name it.'),
      conn_type: text('Its kind: `postgres`, `http`, `ssh` ...'),
      description: text('What it is for, for people.').optional(),
      host: text('The machine.').optional(),
      port: integer('The port.').optional(),
      login: text('Who logs in.').optional(),
      password: text("That user's password; give it as a secret.").optional(),
      schema: text('The database, or the protocol.').optional(),
      extra: anything('What this kind of connection takes besides: a map, or JSON.').optional(),
      ...place,
    }),
  reports: {
    connection: 'The connection, when it was made.',
    password: '`changed`.',
    extra: '`changed`: there may be secrets in it.',
    'conn_type|description|host|port|login|schema': 'Before and after.',
  },
  example: `
    samples:
      airflow_connection.present:
        - conn_type: postgres
        - host: postgresql.service.consul
        - port: 5432
        - schema: samples
        - login: reader
        - password: {{secret 'postgres/reader'}}
  `,
  makes: ({ name }) => [{ kind: 'airflow', name }],
  plan(view, { name, python, env_file, runas, extra, ...given }) {
    const values = {
      ...Object.fromEntries(Object.entries(given).filter((entry) => entry[1] !== undefined)),
      ...(extra === undefined ? {} : { extra: typeof extra === 'string' ? extra : JSON.stringify(extra) }),
    }
    return rowPresent(
      view,
      { python, env_file, runas },
      { kind: 'connections', name, values, hidden: ['password', 'extra'] },
    )
  },
})

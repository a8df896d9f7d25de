import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { connecting, connectionOf, identifier, namesIn, tell } from './server.ts'

export const databasePresent = state({
  summary: 'The database exists in InfluxDB.',
  args: () => args({ name: text("The database's name."), ...connecting }),
  reports: { database: 'The database, when it was made.' },
  example: `
    metrics:
      influxdb_database.present:
        - admin: butler
        - admin_password: {{secret 'influxdb/butler'}}
  `,
  makes: ({ name }) => [{ kind: 'database', name }],
  async *plan(view, want) {
    const { name } = want
    const connection = connectionOf(want)
    if ((await namesIn(view, connection, 'SHOW DATABASES', 'name')).includes(name)) return `Database ${name} is there`
    yield change('database', { old: '', new: name }, [{ kind: 'database', name }], (host) =>
      tell(host, connection, `CREATE DATABASE ${identifier(name)}`),
    )
    return ''
  },
})

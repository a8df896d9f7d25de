import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { connecting, connectionOf, identifier, namesIn, tell } from './server.ts'

export const databaseAbsent = state({
  summary: 'The database is not in InfluxDB, nor anything that was in it.',
  args: () => args({ name: text("The database's name."), ...connecting }),
  reports: { database: 'The database, when it was dropped.' },
  example: `
    metrics:
      influxdb_database.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const { name } = want
    const connection = connectionOf(want)
    if (!(await namesIn(view, connection, 'SHOW DATABASES', 'name')).includes(name))
      return `There is no database ${name}`
    yield change('database', { old: name, new: '' }, [{ kind: 'database', name }], (host) =>
      tell(host, connection, `DROP DATABASE ${identifier(name)}`),
    )
    return ''
  },
})

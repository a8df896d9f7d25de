import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { connecting, connectionOf, identifier, namesIn, tell } from './server.ts'

export const userAbsent = state({
  summary: 'The user is not in InfluxDB.',
  args: () => args({ name: text("The user's name."), ...connecting }),
  reports: { user: 'The user, when it was dropped.' },
  example: `
    old-dashboard:
      influxdb_user.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const { name } = want
    const connection = connectionOf(want)
    if (!(await namesIn(view, connection, 'SHOW USERS', 'user')).includes(name)) return `There is no user ${name}`
    yield change('user', { old: name, new: '' }, [{ kind: 'database-user', name }], (host) =>
      tell(host, connection, `DROP USER ${identifier(name)}`),
    )
    return ''
  },
})

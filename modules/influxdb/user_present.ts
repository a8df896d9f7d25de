import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, text, textMap } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { ask, connecting, connectionOf, identifier, isWithoutUsers, literal, tell, textIn } from './server.ts'

const wanted = () =>
  args({
    name: text("The user's name."),
    password: text('Its password; give it as a secret.'),
    is_admin: flag('It may do everything. The first user of a server that asks for passwords must be one.').default(
      false,
    ),
    grants: textMap('By database: READ, WRITE or ALL. Others are taken away.').default({}),
    ...connecting,
  })

type Want = ArgsOf<typeof wanted>

export const userPresent = state({
  summary: 'The user exists in InfluxDB, with this password and these rights.',
  args: wanted,
  reports: {
    user: 'The user, when it was made.',
    password: '`changed`.',
    admin: 'Whether it may do everything, before and after.',
    'grants in <database>': 'What it may do there, before and after.',
  },
  example: `
    collectd:
      influxdb_user.present:
        - password: {{secret 'influxdb/collectd'}}
        - grants: { metrics: WRITE }
        - admin: butler
        - admin_password: {{secret 'influxdb/butler'}}
  `,
  makes: ({ name }) => [{ kind: 'database-user', name }],
  async *plan(view, want) {
    const admin = (await usersOf(view, want)).get(want.name)
    if (admin === undefined) {
      return yield* planOf([creation(want), ...grantChanges(want, new Map())], '')
    }
    return yield* planOf(
      [
        ...((await letsIn(view, want)) ? [] : [newPassword(want)]),
        ...(admin === want.is_admin ? [] : [adminChange(want)]),
        ...(want.is_admin ? [] : grantChanges(want, await grantsOf(view, want))),
      ],
      `User ${want.name} is as it should be`,
    )
  },
})

/** Whether each user may do everything. A server that asks for passwords and has no administrator yet tells nothing. */
async function usersOf(view: View, want: Want): Promise<ReadonlyMap<string, boolean>> {
  try {
    const series = await ask(view, connectionOf(want), 'SHOW USERS')
    return new Map(series.flatMap(({ rows }) => rows.map((row) => [textIn(row, 'user'), row['admin'] === true])))
  } catch (error) {
    if (want.is_admin && isWithoutUsers(error)) return new Map()
    // The administrator's own password is what is to be made so.
    if (want.is_admin && want.name === want.admin && isRefusal(error)) throw lockedOut(want)
    throw error
  }
}

function lockedOut({ name }: Want): UserError {
  return new UserError(
    'influxdb-refused',
    `InfluxDB does not let '${name}' in, and only '${name}' could change that.`,
    {
      hint: `Set auth-enabled = false in influxdb.conf, restart influxdb, run the state again, and set it back.`,
    },
  )
}

async function letsIn(view: View, { name, password, url, ca_file: ca }: Want): Promise<boolean> {
  try {
    // Any statement tells a wrong password from a right one; without a right to this one, the answer is another error.
    await ask(view, { url, ca, user: name, password }, `SHOW GRANTS FOR ${identifier(name)}`)
    return true
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'influxdb-refused') throw error
    return !isRefusal(error)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof UserError && /authorization failed|authentication/u.test(error.message)
}

async function grantsOf(view: View, want: Want): Promise<ReadonlyMap<string, string>> {
  const series = await ask(view, connectionOf(want), `SHOW GRANTS FOR ${identifier(want.name)}`)
  const grants = series.flatMap(({ rows }) =>
    rows.map((row): [string, string] => [textIn(row, 'database'), plain(textIn(row, 'privilege'))]),
  )
  return new Map(grants.filter(([, privilege]) => privilege !== 'NO'))
}

/** `ALL PRIVILEGES` is what ALL is shown as. */
function plain(privilege: string): string {
  return privilege.replace(/ PRIVILEGES$/u, '').toUpperCase()
}

function creation(want: Want): Change {
  const { name, password, is_admin: isAdmin } = want
  const rights = isAdmin ? ' WITH ALL PRIVILEGES' : ''
  return change('user', { old: '', new: name }, made(want), (host) =>
    tell(host, connectionOf(want), `CREATE USER ${identifier(name)} WITH PASSWORD ${literal(password)}${rights}`),
  )
}

function newPassword(want: Want): Change {
  const { name, password } = want
  return change('password', 'changed', made(want), (host) =>
    tell(host, connectionOf(want), `SET PASSWORD FOR ${identifier(name)} = ${literal(password)}`),
  )
}

function adminChange(want: Want): Change {
  const { name, is_admin: isAdmin } = want
  const statement = isAdmin
    ? `GRANT ALL PRIVILEGES TO ${identifier(name)}`
    : `REVOKE ALL PRIVILEGES FROM ${identifier(name)}`
  return change('admin', { old: !isAdmin, new: isAdmin }, made(want), (host) =>
    tell(host, connectionOf(want), statement),
  )
}

function grantChanges(want: Want, has: ReadonlyMap<string, string>): Change[] {
  const grants = new Map(Object.entries(want.grants).map(([database, privilege]) => [database, plain(privilege)]))
  return [...new Set([...grants.keys(), ...has.keys()])].flatMap((database) => {
    const [old, now] = [has.get(database) ?? '', grants.get(database) ?? '']
    if (old === now) return []
    const on = `ON ${identifier(database)}`
    const who = identifier(want.name)
    const statement = now === '' ? `REVOKE ALL ${on} FROM ${who}` : `GRANT ${now} ${on} TO ${who}`
    return [
      change(`grants in ${database}`, { old, new: now }, made(want), (host) =>
        tell(host, connectionOf(want), statement),
      ),
    ]
  })
}

function made({ name }: Want) {
  return [{ kind: 'database-user', name }] as const
}

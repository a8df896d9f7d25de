import { args, type ArgsOf, flag, text, texts } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { ask, canLogIn, type Connection, connectionArgs, connectionOf, execute } from './connection.ts'
import { type Role, type RoleFlag, type Roles, rolesFact } from './roles.ts'
import { isPassword, isVerifier, newScramVerifier } from './scram.ts'
import { identifier, literal } from './sql.ts'

const wanted = () =>
  args({
    name: text("The database user's name."),
    createdb: flag('Whether it may make databases.').optional(),
    createroles: flag('Whether it may make users.').optional(),
    superuser: flag('Whether it may do everything.').optional(),
    login: flag('Whether it may log in.').default(true),
    inherit: flag('Whether it has the rights of the groups that it is in.').optional(),
    replication: flag('Whether it may replicate.').optional(),
    bypassrls: flag('Whether row security does not hold for it.').optional(),
    password: text('Its password; give it as a secret.').optional(),
    default_password: text('Its password when it is made; one that it has already stays.').optional(),
    refresh_password: flag('Sets the password every time, without looking whether it is that already.').default(false),
    encrypted: flag('Taken for the sake of files written for Salt: passwords are never kept as they are.').default(
      true,
    ),
    valid_until: text('Until when its password is good, such as `2030-01-01`, or `infinity`.').optional(),
    groups: texts('The groups (roles) that it is a member of, among others.').default([]),
    ...connectionArgs,
  })

type Want = ArgsOf<typeof wanted>

export const userPresent = state({
  summary: 'The database user exists, with these rights and this password. What is not given stays as it is.',
  args: wanted,
  reports: {
    '<name>': '`Present`, when it was made.',
    'superuser|createdb|createrole|login|inherit|replication|bypassrls': 'The right before and after.',
    valid_until: 'The end of the password before and after.',
    password: '`changed`.',
    groups: 'The groups before and after.',
  },
  example: `
    butler_admin:
      postgres_user.present:
        - createdb: true
        - password: {{secret 'postgres/butler_admin'}}
  `,
  makes,
  async *plan(view, want) {
    const connection = connectionOf(want)
    const roles = await ask(view, connection, rolesFact(connection))
    const has = roles.byName.get(want.name)
    const changes =
      has === undefined ? [creation(connection, want)] : await alterations(view, connection, has, roles, want)
    return yield* planOf(changes, `User ${want.name} is already present`)
  },
})

function makes(want: Want): Change['makes'] {
  return [{ kind: 'database-user', name: want.name }]
}

function creation(connection: Connection, want: Want): Change {
  return change(want.name, 'Present', makes(want), async (host) => {
    const password = await passwordWords(want.password ?? want.default_password)
    const words = [...flagWords(wantedFlags(want)), ...untilWords(want), ...password]
    await execute(host, connection, [
      `CREATE ROLE ${identifier(want.name)} ${words.join(' ')}`.trimEnd(),
      ...want.groups.map((group) => grant(group, want.name)),
    ])
    return { comment: `The user ${want.name} has been created` }
  })
}

async function alterations(view: View, connection: Connection, has: Role, roles: Roles, want: Want): Promise<Change[]> {
  const changes: Change[] = []
  const alter = (key: string, shows: Change['shows'], words: () => Promise<readonly string[]>): void => {
    changes.push(
      change(key, shows, makes(want), async (host) => {
        await execute(host, connection, [`ALTER ROLE ${identifier(want.name)} ${(await words()).join(' ')}`])
        return { comment: `The user ${want.name} has been updated` }
      }),
    )
  }
  for (const [flag, value] of wantedFlags(want)) {
    if (has.may[flag] !== value) {
      alter(flag, { old: has.may[flag], new: value }, () => Promise.resolve(flagWords([[flag, value]])))
    }
  }
  if (want.valid_until !== undefined && !sameMoment(has.validUntil, want.valid_until)) {
    alter('valid_until', { old: has.validUntil ?? '', new: want.valid_until }, () => Promise.resolve(untilWords(want)))
  }
  const { password } = want
  if (password !== undefined && !(await hasPassword(view, connection, has, roles, password, want))) {
    alter('password', 'changed', () => passwordWords(password))
  }
  const missing = want.groups.filter((group) => !has.groups.includes(group))
  if (missing.length > 0) {
    changes.push(
      change('groups', { old: [...has.groups], new: [...has.groups, ...missing] }, makes(want), (host) =>
        execute(
          host,
          connection,
          missing.map((group) => grant(group, want.name)),
        ),
      ),
    )
  }
  return changes
}

async function hasPassword(
  view: View,
  connection: Connection,
  has: Role,
  roles: Roles,
  password: string,
  want: Want,
): Promise<boolean> {
  if (want.refresh_password) return false
  if (roles.showsPasswords) return has.password !== undefined && isPassword(has.password, want.name, password)
  return canLogIn(view, { ...connection, user: want.name, password, runas: undefined })
}

function wantedFlags(want: Want): [RoleFlag, boolean][] {
  const { superuser, createdb, createroles: createrole, login, inherit, replication, bypassrls } = want
  const all: [RoleFlag, boolean | undefined][] = [
    ['superuser', superuser],
    ['createdb', createdb],
    ['createrole', createrole],
    ['login', login],
    ['inherit', inherit],
    ['replication', replication],
    ['bypassrls', bypassrls],
  ]
  return all.flatMap(([flag, value]) => (value === undefined ? [] : [[flag, value]]))
}

function flagWords(flags: readonly [RoleFlag, boolean][]): string[] {
  return flags.map(([flag, value]) => `${value ? '' : 'NO'}${flag.toUpperCase()}`)
}

function untilWords(want: Want): string[] {
  return want.valid_until === undefined ? [] : ['VALID UNTIL', literal(want.valid_until)]
}

/** Only a verifier is sent: the server never sees the password itself. */
async function passwordWords(password: string | undefined): Promise<string[]> {
  if (password === undefined) return []
  return ['PASSWORD', literal(isVerifier(password) ? password : await newScramVerifier(password))]
}

function grant(group: string, name: string): string {
  return `GRANT ${identifier(group)} TO ${identifier(name)}`
}

function sameMoment(has: string | undefined, wanted: string): boolean {
  return has === wanted || (has !== undefined && Date.parse(has) === Date.parse(wanted))
}

import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { ask, type Connection, connectionArgs, connectionOf, execute } from './connection.ts'
import { type Database, databasesFact } from './databases.ts'
import { rolesFact } from './roles.ts'
import { identifier, literal } from './sql.ts'

const wanted = () =>
  args({
    name: text("The database's name."),
    owner: text('The database user that owns it.').optional(),
    tablespace: text('Where it is kept.').optional(),
    encoding: text('Its encoding, such as `UTF8`: can only be chosen when it is made.').optional(),
    lc_collate: text('The order of its texts: can only be chosen when it is made.').optional(),
    lc_ctype: text('The kinds of its letters: can only be chosen when it is made.').optional(),
    template: text('The database that it is made after. Needed as `template0` for another encoding.').optional(),
    ...connectionArgs,
  })

type Want = ArgsOf<typeof wanted>

export const databasePresent = state({
  summary: 'The database exists, with this owner.',
  args: wanted,
  reports: {
    '<name>': '`Present`, when it was made.',
    owner: 'The owner before and after.',
    tablespace: 'The tablespace before and after.',
  },
  example: `
    run_tracking:
      postgres_database.present:
        - owner: butler_admin
        - require:
          - postgres_user: butler_admin
    butler_admin:
      postgres_user.present: []
  `,
  makes,
  async *plan(view, want) {
    const connection = connectionOf(want)
    const has = (await ask(view, connection, databasesFact(connection))).get(want.name)
    if (want.owner !== undefined) await requireOwner(view, connection, want.owner)
    const changes = has === undefined ? [creation(connection, want)] : alterations(connection, has, want)
    return yield* planOf(changes, `Database ${want.name} is already present`)
  },
})

async function requireOwner(view: View, connection: Connection, owner: string): Promise<void> {
  if ((await ask(view, connection, rolesFact(connection))).byName.has(owner)) return
  view.missing({ kind: 'database-user', name: owner })
  throw new UserError('unknown-owner', `There is no database user '${owner}' to own the database.`, {
    hint: 'Make it with postgres_user.present, and require that state here.',
  })
}

function creation(connection: Connection, want: Want): Change {
  return change(want.name, 'Present', makes(want), async (host) => {
    const words = [
      ...(want.owner === undefined ? [] : [`OWNER = ${identifier(want.owner)}`]),
      ...(want.template === undefined ? [] : [`TEMPLATE = ${identifier(want.template)}`]),
      ...(want.encoding === undefined ? [] : [`ENCODING = ${literal(want.encoding)}`]),
      ...(want.lc_collate === undefined ? [] : [`LC_COLLATE = ${literal(want.lc_collate)}`]),
      ...(want.lc_ctype === undefined ? [] : [`LC_CTYPE = ${literal(want.lc_ctype)}`]),
      ...(want.tablespace === undefined ? [] : [`TABLESPACE = ${identifier(want.tablespace)}`]),
    ]
    const statement = `CREATE DATABASE ${identifier(want.name)}${words.length === 0 ? '' : ` WITH ${words.join(' ')}`}`
    await execute(host, connection, [statement])
    return { comment: `The database ${want.name} has been created` }
  })
}

function alterations(connection: Connection, has: Database, want: Want): Change[] {
  requireFixed('encoding', has.encoding, want.encoding, want.name)
  requireFixed('lc_collate', has.collate, want.lc_collate, want.name)
  requireFixed('lc_ctype', has.ctype, want.lc_ctype, want.name)
  const alter = (key: string, old: string, wanted: string | undefined, words: string): Change[] => {
    if (wanted === undefined || wanted === old) return []
    return [
      change(key, { old, new: wanted }, makes(want), (host) =>
        execute(host, connection, [`ALTER DATABASE ${identifier(want.name)} ${words} ${identifier(wanted)}`]),
      ),
    ]
  }
  return [
    ...alter('owner', has.owner, want.owner, 'OWNER TO'),
    ...alter('tablespace', has.tablespace, want.tablespace, 'SET TABLESPACE'),
  ]
}

/** What can't be changed once the database is there. */
function requireFixed(key: string, has: string, wanted: string | undefined, name: string): void {
  if (wanted === undefined || plain(has) === plain(wanted)) return
  throw new UserError(
    'fixed-setting',
    `Database ${name} has ${key} ${has}, not ${wanted}, and that can't be changed.`,
    {
      hint: 'Save its content, remove it, and let it be made again.',
    },
  )
}

/** `UTF8` and `utf-8` are the same. */
function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/gu, '')
}

function makes(want: Want): Change['makes'] {
  return [{ kind: 'database', name: want.name }]
}

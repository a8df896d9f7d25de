import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { args, flag, oneOf, text, texts } from '../../core/module/args.ts'
import type { ArgsOf } from '../../core/module/args.ts'
import type { View } from '../../core/module/view.ts'
import { ask, connectionArgs, connectionName, connectionOf, rows } from './connection.ts'
import { identifier, literal } from './sql.ts'

/** What privileges of each kind of object there are, and what ALL of them is. */
const PRIVILEGES = {
  table: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'],
  sequence: ['SELECT', 'UPDATE', 'USAGE'],
  schema: ['CREATE', 'USAGE'],
  database: ['CREATE', 'CONNECT', 'TEMPORARY'],
} as const

export const privilegeArgs = () =>
  args({
    name: text('The database user whose privileges they are.'),
    object_name: text('What they are on. With `object_type: table` or `sequence`, ALL is every one of the schema.'),
    object_type: oneOf(['table', 'sequence', 'schema', 'database'], 'What kind of thing that is.'),
    privileges: texts('SELECT, INSERT, USAGE and so on. Left out: all that there are of the kind.').optional(),
    grant_option: flag('It may grant them to others.').default(false),
    prepend: text('The schema that tables and sequences are in.').default('public'),
    ...connectionArgs,
  })

export type Want = ArgsOf<typeof privilegeArgs>

/** The privileges that are asked for, in PostgreSQL's words. */
export function wishedOf({ object_type: kind, privileges }: Want): string[] {
  const all: readonly string[] = PRIVILEGES[kind]
  const given = privileges?.map((each) => each.toUpperCase()) ?? [...all]
  if (given.includes('ALL')) return [...all]
  const wrong = given.find((each) => !all.includes(each))
  if (wrong === undefined) return given
  throw new UserError('bad-value', `A ${kind} has no privilege '${wrong}'.`, { hint: `There is: ${all.join(', ')}.` })
}

/** What has them, as GRANT and REVOKE name it. */
export function objectOf({ object_type: kind, object_name: name, prepend }: Want): string {
  if (kind === 'schema' || kind === 'database') return `${kind.toUpperCase()} ${identifier(name)}`
  if (name === 'ALL') return `ALL ${kind.toUpperCase()}S IN SCHEMA ${identifier(prepend)}`
  return `${kind.toUpperCase()} ${identifier(prepend)}.${identifier(name)}`
}

/**
 * The privileges that the user has been granted on every one of the objects, by name, with whether it may grant them on. Throws
 * a `UserError` when there is no such object.
 */
export async function grantedTo(view: View, want: Want): Promise<ReadonlyMap<string, boolean>> {
  const connection = connectionOf(want)
  const objects = await ask(view, connection, {
    name: `PostgreSQL privileges of ${want.name} on ${objectOf(want)} of ${connectionName(connection)}`,
    stale: ['database', 'database-user', 'unit', 'package'],
    read: (view) => rows(view, connection, queryOf(want)),
  })
  if (objects.length === 0 && want.object_name !== 'ALL') {
    view.missing({ kind: 'database', name: want.object_name })
    view.missing({ kind: 'database', name: `${connection.database}.${want.object_name}` })
    throw new UserError('unknown-object', `There is no ${objectOf(want)} in database ${connection.database}.`, {
      hint: 'Make it first, and require that state here; `maintenance_db` says in which database it is looked for.',
    })
  }
  const each = objects.map(parseGrants)
  const [first = new Map<string, boolean>()] = each
  const common = [...first].filter(([name]) => each.every((grants) => grants.has(name)))
  return new Map(common.map(([name]) => [name, each.every((grants) => grants.get(name) === true)]))
}

/** One row an object: its grants to the user, as `SELECT` or `SELECT*`. */
function queryOf({ object_type: kind, object_name: name, prepend, name: user }: Want): string {
  const grants = (acl: string): string =>
    `ARRAY(SELECT g.privilege_type || CASE WHEN g.is_grantable THEN '*' ELSE '' END FROM aclexplode(${acl}) g ` +
    `WHERE g.grantee = (SELECT oid FROM pg_roles WHERE rolname = ${literal(user)})) AS grants`
  if (kind === 'database') {
    return `SELECT ${grants("coalesce(datacl, acldefault('d', datdba))")} FROM pg_database WHERE datname = ${literal(name)}`
  }
  if (kind === 'schema') {
    return `SELECT ${grants("coalesce(nspacl, acldefault('n', nspowner))")} FROM pg_namespace WHERE nspname = ${literal(name)}`
  }
  const kinds = kind === 'table' ? "('r', 'p', 'v', 'm', 'f')" : "('S')"
  const which = name === 'ALL' ? '' : ` AND relname = ${literal(name)}`
  const acl = `coalesce(relacl, acldefault('${kind === 'table' ? 'r' : 's'}', relowner))`
  return (
    `SELECT ${grants(acl)} FROM pg_class WHERE relkind IN ${kinds}${which} ` +
    `AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ${literal(prepend)})`
  )
}

function parseGrants({ grants }: DataMap): Map<string, boolean> {
  const words = Array.isArray(grants) ? grants.map(String) : []
  return new Map(words.map((word) => [word.replace('*', ''), word.endsWith('*')]))
}

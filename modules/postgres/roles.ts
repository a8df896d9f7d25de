import type { DataMap } from '../../core/data.ts'
import { userErrorsOf } from '../../core/errors.ts'
import { fact, type Fact } from '../../core/module/fact.ts'
import { type Connection, connectionName, rows } from './connection.ts'

/** A database user as the server knows it. */
export interface Role {
  readonly name: string
  /** By PostgreSQL's words in lower case: `createdb`, `superuser`, `login` ... */
  readonly may: Readonly<Record<RoleFlag, boolean>>
  /** The roles that it is a member of, sorted. */
  readonly groups: readonly string[]
  readonly validUntil: string | undefined
  /** What the server keeps of its password; `undefined` when it has none. */
  readonly password: string | undefined
}

export const ROLE_FLAGS = [
  'superuser',
  'createdb',
  'createrole',
  'login',
  'inherit',
  'replication',
  'bypassrls',
] as const

export type RoleFlag = (typeof ROLE_FLAGS)[number]

/** All roles by name, and whether this connection may see what the server keeps of passwords. */
export interface Roles {
  readonly byName: ReadonlyMap<string, Role>
  readonly showsPasswords: boolean
}

export function rolesFact(connection: Connection): Fact<Roles> {
  return fact({
    name: `PostgreSQL roles of ${connectionName(connection)}`,
    stale: ['database-user', 'unit', 'package'],
    async read(view) {
      try {
        return { byName: rolesOf(await rows(view, connection, query('pg_authid'))), showsPasswords: true }
      } catch (thrown) {
        if (userErrorsOf(thrown)?.[0]?.message.includes('permission denied') !== true) throw thrown
        return { byName: rolesOf(await rows(view, connection, query('pg_roles'))), showsPasswords: false }
      }
    },
  })
}

function query(table: 'pg_authid' | 'pg_roles'): string {
  return `
    SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolcreatedb AS createdb, r.rolcreaterole AS createrole,
      r.rolcanlogin AS login, r.rolinherit AS inherit, r.rolreplication AS replication, r.rolbypassrls AS bypassrls,
      r.rolvaliduntil::text AS valid_until, ${table === 'pg_authid' ? 'r.rolpassword' : 'NULL'} AS password,
      ARRAY(SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid ORDER BY g.rolname) AS groups
    FROM ${table} r ORDER BY r.rolname`
}

/** The rows of our query as roles by name. */
export function rolesOf(found: readonly DataMap[]): Map<string, Role> {
  return new Map(
    found.map((row) => {
      const text = (key: string): string | undefined => (typeof row[key] === 'string' ? row[key] : undefined)
      const name = text('name') ?? ''
      const groups = Array.isArray(row['groups']) ? row['groups'].filter((group) => typeof group === 'string') : []
      const role: Role = {
        name,
        may: flagsOf(row),
        groups,
        validUntil: text('valid_until'),
        password: text('password'),
      }
      return [name, role]
    }),
  )
}

function flagsOf(row: DataMap): Record<RoleFlag, boolean> {
  const is = (flag: RoleFlag): boolean => row[flag] === true
  return {
    superuser: is('superuser'),
    createdb: is('createdb'),
    createrole: is('createrole'),
    login: is('login'),
    inherit: is('inherit'),
    replication: is('replication'),
    bypassrls: is('bypassrls'),
  }
}

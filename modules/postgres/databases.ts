import type { DataMap } from '../../core/data.ts'
import { fact, type Fact } from '../../core/module/fact.ts'
import { type Connection, connectionName, rows } from './connection.ts'

export interface Database {
  readonly name: string
  readonly owner: string
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  readonly tablespace: string
}

export function databasesFact(connection: Connection): Fact<ReadonlyMap<string, Database>> {
  return fact({
    name: `PostgreSQL databases of ${connectionName(connection)}`,
    stale: ['database', 'unit', 'package'],
    read: async (view) => databasesOf(await rows(view, connection, QUERY)),
  })
}

const QUERY = `
  SELECT d.datname AS name, r.rolname AS owner, pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate,
    d.datctype AS ctype, t.spcname AS tablespace
  FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba JOIN pg_tablespace t ON t.oid = d.dattablespace
  ORDER BY d.datname`

/** The rows of our query as databases by name. */
export function databasesOf(found: readonly DataMap[]): Map<string, Database> {
  return new Map(
    found.map((row) => {
      const text = (key: string): string => (typeof row[key] === 'string' ? row[key] : '')
      const database: Database = {
        name: text('name'),
        owner: text('owner'),
        encoding: text('encoding'),
        collate: text('collate'),
        ctype: text('ctype'),
        tablespace: text('tablespace'),
      }
      return [database.name, database]
    }),
  )
}

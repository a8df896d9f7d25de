import type { Kysely } from 'kysely'

export interface PkiTables {
  tokens: TokenRow
  keys: KeyRow
}

/** A join token. Only its digest is here: who reads the database can't enrol with it. */
export interface TokenRow {
  name: string
  /** SHA-256 of the token, in hex. */
  digest: string
  /** JSON: globs of ids. */
  ids: string
  /** JSON: names of roles. */
  roles: string
  uses_left: number
  /** Milliseconds since 1970. */
  expires: number
  revoked: 0 | 1
}

/** A public key that somebody enrolled, or tried to, under an id. */
export interface KeyRow {
  id: string
  /** SHA-256 of the public key (SPKI, DER), in hex. */
  fingerprint: string
  state: 'accepted' | 'pending' | 'denied' | 'revoked'
  /** The certificate request in PEM: what is signed once the operator accepts it. */
  request: string
  /** JSON: the roles that came with a join token. */
  roles: string
  /** Milliseconds since 1970; when the newest certificate ends. */
  expires: number | null
  /** Milliseconds since 1970; when it was first seen. */
  created: number
}

export async function makePkiTables(store: Kysely<unknown>): Promise<void> {
  await store.schema
    .createTable('tokens')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('digest', 'text', (column) => column.notNull().unique())
    .addColumn('ids', 'text', (column) => column.notNull())
    .addColumn('roles', 'text', (column) => column.notNull())
    .addColumn('uses_left', 'integer', (column) => column.notNull())
    .addColumn('expires', 'integer', (column) => column.notNull())
    .addColumn('revoked', 'integer', (column) => column.notNull())
    .execute()
  await store.schema
    .createTable('keys')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('roles', 'text', (column) => column.notNull())
    .addColumn('expires', 'integer')
    .addColumn('created', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('keys_primary', ['id', 'fingerprint'])
    .execute()
}

import type { Kysely } from 'kysely'

export interface SecretTables {
  secrets: SecretRow
}

/** A secret, encrypted: who reads the database alone learns its name and no more. */
export interface SecretRow {
  name: string
  /** Nonce, ciphertext and tag. */
  sealed: Uint8Array
  /** Milliseconds since 1970. */
  made: number
  /** Who made it: `operator` or `first use`. */
  by: string
}

export async function makeSecretTables(store: Kysely<unknown>): Promise<void> {
  await store.schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('sealed', 'blob', (column) => column.notNull())
    .addColumn('made', 'integer', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .execute()
}

import type { Kysely } from 'kysely'

export interface FleetTables {
  minions: MinionRow
}

/** What a minion said last. Its roles are not here: the master attests them anew each time. */
export interface MinionRow {
  id: string
  version: string
  /** Digest of its catalogue. */
  catalog: string
  /** JSON: a list of the functions that it can do. */
  functions: string
  /** JSON. */
  grains: string
  address: string
  /** Milliseconds since 1970; when its last connection began or ended. */
  seen: number
}

export async function makeFleetTables(store: Kysely<unknown>): Promise<void> {
  await store.schema
    .createTable('minions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('catalog', 'text', (column) => column.notNull())
    .addColumn('functions', 'text', (column) => column.notNull())
    .addColumn('grains', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('seen', 'integer', (column) => column.notNull())
    .execute()
}

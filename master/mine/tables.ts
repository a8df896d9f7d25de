import type { Kysely } from 'kysely'

export interface MineTables {
  mine: MineRow
}

/** One value that a minion gave to the mine. */
export interface MineRow {
  id: string
  alias: string
  /** JSON. */
  value: string
  /** Milliseconds since 1970; every value knows its age. */
  updated: number
}

export async function makeMineTables(store: Kysely<unknown>): Promise<void> {
  await store.schema
    .createTable('mine')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('alias', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('mine_primary', ['id', 'alias'])
    .execute()
}

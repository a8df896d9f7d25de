import type { Kysely } from 'kysely'

export interface PlanTables {
  saved_plans: SavedPlanRow
}

/** A plan that somebody wants to apply later, exactly as it is. */
export interface SavedPlanRow {
  /** Of the job that planned. */
  jid: string
  by: string
  /** Milliseconds since 1970. */
  saved: number
  snapshot: string
  /** JSON of the `PlanInput`. */
  input: string
  /** JSON: the digest of the low state of each target. */
  lows: string
  /** JSON of the `Planned`. */
  planned: string
}

export async function makePlanTables(store: Kysely<unknown>): Promise<void> {
  await store.schema
    .createTable('saved_plans')
    .addColumn('jid', 'text', (column) => column.primaryKey())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('saved', 'integer', (column) => column.notNull())
    .addColumn('snapshot', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('lows', 'text', (column) => column.notNull())
    .addColumn('planned', 'text', (column) => column.notNull())
    .execute()
}

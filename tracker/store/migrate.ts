import { sql } from 'kysely'
import { UserError } from '../../core/errors.ts'
import type { Database, Queries } from './database.ts'
import { MIGRATIONS } from './migrations.ts'
import { errnoOf } from '../model/errno.ts'

/** Brings the database to the schema that this program knows. Safe when several programs begin at the same moment. */
export async function migrate(database: Database): Promise<void> {
  if ((await versionOf(database.queries).catch(unlessMissing)) === MIGRATIONS.length) return
  await database.queries.transaction().execute(async (transaction) => {
    await database.lockMigrations(transaction)
    await sql`create table if not exists butler_schema (version integer not null)`.execute(transaction)
    const version = await versionOf(transaction)
    if (version > MIGRATIONS.length) throw tooNew(database, version)
    for (const migration of MIGRATIONS.slice(version)) {
      for (const statement of migration(database.columns)) await sql.raw(statement).execute(transaction)
    }
    await sql`delete from butler_schema`.execute(transaction)
    await sql`insert into butler_schema (version) values (${sql.lit(MIGRATIONS.length)})`.execute(transaction)
  })
}

async function versionOf(queries: Queries): Promise<number> {
  const { rows } = await sql<{ version: number }>`select version from butler_schema`.execute(queries)
  return rows[0]?.version ?? 0
}

/** PostgreSQL's code. SQLite has only words for it. */
const UNDEFINED_TABLE = '42P01'

/** A new database has no version yet; that is all that may be wrong. */
function unlessMissing(error: unknown): number {
  if (errnoOf(error) === UNDEFINED_TABLE || (error instanceof Error && error.message.startsWith('no such table')))
    return 0
  throw error
}

function tooNew(database: Database, version: number): UserError {
  return new UserError(
    'database-too-new',
    `${database.shown} has schema ${version}; this Butler knows ${MIGRATIONS.length}.`,
    { hint: 'A newer Butler has used it. Update this one.' },
  )
}

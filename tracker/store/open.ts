import type { DatabaseConfig } from '../config.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'

/** Opens the database and brings its schema up to date. Loads only the driver that is needed. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const database = await connect(config)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw database.explain(error) ?? error
  }
  return database
}

async function connect(config: DatabaseConfig): Promise<Database> {
  if (config.kind === 'sqlite') return (await import('./sqlite.ts')).openSqlite(config.file)
  return (await import('./postgres.ts')).openPostgres(config)
}

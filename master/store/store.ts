import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { UserError } from '../../core/errors.ts'
import { MIGRATIONS } from './migrations.ts'
import type { Schema } from './schema.ts'

/** The master's database. Whoever uses it sees its own tables; all of them are in `Schema`. */
export type Store = Kysely<Schema>

/**
 * Opens `<folder>/master.db` and brings it to the newest shape. What a transaction has written is on the disk when it
 * returns, so that a kill at any moment loses nothing that somebody was told.
 */
export async function openStore(folder: string): Promise<Store> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'master.db')
  // What minions answer is for operators only; SQLite gives its other files the mode of this one.
  closeSync(openSync(file, 'a', 0o600))
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  const store = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })
  await migrate(store, folder)
  return store
}

async function migrate(store: Store, folder: string): Promise<void> {
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  await store.destroy()
  throw new UserError('store-not-migrated', `The database in ${folder} can't be brought to this version's shape.`, {
    hint: 'Was it used by a newer butler-master? Start that one, or move the folder away to begin anew.',
    cause: error,
  })
}

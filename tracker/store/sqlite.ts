import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver } from 'kysely'
import { UserError } from '../../core/errors.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'
import { errnoOf } from '../model/errno.ts'

/** How long one process waits for another one's transaction, in milliseconds. */
const PATIENCE = 30_000

/** How long until it is tried again, in milliseconds. */
const PAUSE = 20

export function openSqlite(file: string): Database {
  const explain = (error: unknown): UserError | undefined => explained(error, file)
  let database: Sqlite.Database
  try {
    mkdirSync(dirname(file), { recursive: true })
    database = new Sqlite(file, { timeout: PATIENCE })
    // Readers and one writer side by side, in several processes; foreign keys are on by default.
    database.pragma('journal_mode = WAL')
  } catch (error) {
    throw explain(error) ?? error
  }
  return {
    queries: new Kysely<Tables>({ dialect: new ImmediateDialect({ database }) }),
    shown: `SQLite at ${file}`,
    columns: { id: 'integer primary key autoincrement', uuid: 'text', json: 'text', time: 'text', day: 'text' },
    // A transaction is the only one that writes, from its first moment on.
    lockMigrations: async () => {},
    clock: async () => new Date(),
    explain,
    close: async () => void database.close(),
  }
}

/**
 * Transactions that lock at their beginning. SQLite's own way is to lock at the first write, and then a transaction that
 * has read something that another process has changed since can't wait: it fails.
 */
class ImmediateDialect extends SqliteDialect {
  readonly #config: { database: Sqlite.Database }

  constructor(config: { database: Sqlite.Database }) {
    super(config)
    this.#config = config
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#config)
  }
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const query = (text: string) => connection.executeQuery(CompiledQuery.raw(text))
    const deadline = performance.now() + PATIENCE
    // SQLite's own waiting would stop this whole program, and an engine has more to do than to wait.
    await query('pragma busy_timeout = 0')
    try {
      for (;;) {
        try {
          await query('begin immediate')
          return
        } catch (error) {
          if (errnoOf(error) !== 'SQLITE_BUSY' || performance.now() > deadline) throw error
          await wait(PAUSE)
        }
      }
    } finally {
      await query(`pragma busy_timeout = ${PATIENCE}`)
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN: 'it can not be opened',
  SQLITE_NOTADB: 'the file is no SQLite database',
  SQLITE_CORRUPT: 'the file is damaged',
  SQLITE_READONLY: 'you may not write there',
  SQLITE_READONLY_DIRECTORY: 'you may not write there',
  SQLITE_FULL: 'the disk is full',
  SQLITE_BUSY: 'another program holds it for too long',
  EACCES: 'you may not write there',
  EEXIST: 'a part of its folder is a file',
  ENOTDIR: 'a part of its folder is a file',
  EROFS: 'the disk is read-only',
}

function explained(error: unknown, file: string): UserError | undefined {
  const reason = REASONS[errnoOf(error)]
  if (reason === undefined) return undefined
  return new UserError('database-unreachable', `The tracker's database ${file} can't be used: ${reason}.`, {
    hint: `'database:' in tracker.yaml says where it lies.`,
    cause: error,
  })
}

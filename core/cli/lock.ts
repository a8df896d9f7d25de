import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { UserError } from '../../core/errors.ts'

/**
 * Keeps a second one of a daemon (`master`, `tracker`) from its data folder, until it is closed or this process ends, however it ends: the lock is the
 * operating system's on an open file, so that none is ever left behind. Throws the `UserError` `already-running`.
 */
export function lockFolder(folder: string, daemon: string): { release: () => void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = new Database(join(folder, `${daemon}-lock.db`), { timeout: 0 })
  const who = join(folder, `${daemon}.pid`)
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if (!(error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY')) throw error
    throw new UserError('already-running', `A ${daemon} runs already on ${folder}${processOf(who)}.`, {
      hint: 'Stop it first, or give this one another --root.',
      cause: error,
    })
  }
  writeFileSync(who, `${process.pid}\n`)
  return { release: () => database.close() }
}

/** For the message only: a number that is left over says nothing. */
function processOf(file: string): string {
  try {
    return `, as process ${readFileSync(file, 'utf8').trim()}`
  } catch {
    return ''
  }
}

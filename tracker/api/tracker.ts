import { resolve } from 'node:path'
import type { Call } from '../../core/cli/command.ts'
import { textOption } from '../../core/cli/command.ts'
import { layoutOf } from '../../core/cli/layout.ts'
import { readConfig, type TrackerConfig } from '../config.ts'
import type { Database } from '../store/database.ts'
import { openDatabase } from '../store/open.ts'

/** An open tracker: what every command works with. */
export interface Tracker {
  readonly config: TrackerConfig
  readonly database: Database
  /** The words of a command line that lead to the same tracker, for a program that this one starts. */
  readonly words: readonly string[]
}

/** Opens the tracker that the command line names, and closes it afterwards. */
export async function withTracker<Result>(call: Call, use: (tracker: Tracker) => Promise<Result>): Promise<Result> {
  const root = absolute(textOption(call, 'root'))
  const config = absolute(textOption(call, 'config'))
  const read = await readConfig(layoutOf({ root, config }))
  const database = await openDatabase(read.database)
  try {
    const words = [
      ...(root === undefined ? [] : ['--root', root]),
      ...(config === undefined ? [] : ['--config', config]),
    ]
    return await use({ config: read, database, words })
  } catch (error) {
    throw database.explain(error) ?? error
  } finally {
    await database.close()
  }
}

/** The database's time now, as it is kept. */
export async function timeOf(database: Database): Promise<string> {
  return (await database.clock()).toISOString()
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path)
}

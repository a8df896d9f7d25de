import { randomUUID } from 'node:crypto'
import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { canonicalJson } from '../model/canonical.ts'
import type { Queries } from './database.ts'

/** Keeps a configuration under an id of its own and gives that. */
export async function addConfiguration(queries: Queries, config: DataMap, now: string): Promise<string> {
  const config_id = randomUUID()
  await queries
    .insertInto('configuration')
    .values({ config_id, config: JSON.stringify(config), created_date: now, last_updated_date: now })
    .execute()
  return config_id
}

/**
 * Keeps a configuration under the id that its file is named after. The same content again is the same configuration;
 * another content is an error, since the id would no longer say what was used.
 */
export async function ensureConfiguration(queries: Queries, id: string, config: DataMap, now: string): Promise<void> {
  await queries
    .insertInto('configuration')
    .values({ config_id: id, config: JSON.stringify(config), created_date: now, last_updated_date: now })
    .onConflict((conflict) => conflict.column('config_id').doNothing())
    .execute()
  const kept = await findConfiguration(queries, id)
  if (kept !== undefined && canonicalJson(kept) === canonicalJson(config)) return
  throw new UserError('configuration-exists', `There is a configuration ${id} with another content.`, {
    hint: `See it with 'butler print-config -c ${id}'; a changed configuration needs a new id.`,
  })
}

export async function findConfiguration(queries: Queries, id: string): Promise<DataMap | undefined> {
  const row = await queries.selectFrom('configuration').select('config').where('config_id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : parseConfiguration(row.config)
}

/** A configuration from the database's text. */
export function parseConfiguration(text: string): DataMap {
  const value: unknown = JSON.parse(text)
  if (!isMap(value)) throw new Error(`The database holds a configuration that is no map: ${text.slice(0, 100)}`)
  return value
}

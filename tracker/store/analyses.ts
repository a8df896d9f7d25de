import type { Selectable } from 'kysely'
import { UserError } from '../../core/errors.ts'
import type { Analysis } from '../model/records.ts'
import type { Queries } from './database.ts'
import type { Tables } from './tables.ts'

export interface NewAnalysis {
  name: string
  startDate: string | null
  configId: string
}

/** The id of the new analysis; nothing when another program has made one of this name since. */
export async function addAnalysis(queries: Queries, analysis: NewAnalysis, now: string): Promise<number | undefined> {
  const row = await queries
    .insertInto('analysis')
    .values({
      analysis_name: analysis.name,
      start_date: analysis.startDate,
      config_id: analysis.configId,
      created_date: now,
      last_updated_date: now,
    })
    .onConflict((conflict) => conflict.column('analysis_name').doNothing())
    .returning('analysis_id')
    .executeTakeFirst()
  return row?.analysis_id
}

export async function findAnalysis(queries: Queries, name: string): Promise<Analysis | undefined> {
  const row = await queries.selectFrom('analysis').selectAll().where('analysis_name', '=', name).executeTakeFirst()
  return row === undefined ? undefined : analysisOf(row)
}

/** The analysis of that id, or a `UserError` that says there is none. */
export async function getAnalysis(queries: Queries, id: number): Promise<Analysis> {
  const row = await queries.selectFrom('analysis').selectAll().where('analysis_id', '=', id).executeTakeFirst()
  if (row !== undefined) return analysisOf(row)
  throw new UserError('unknown-analysis', `There is no analysis ${id}.`, { hint: `'butler list-analyses' shows them.` })
}

export async function listAnalyses(queries: Queries): Promise<Analysis[]> {
  const rows = await queries.selectFrom('analysis').selectAll().orderBy('analysis_id').execute()
  return rows.map(analysisOf)
}

export async function setAnalysisConfiguration(
  queries: Queries,
  id: number,
  configId: string,
  now: string,
): Promise<void> {
  await queries
    .updateTable('analysis')
    .set({ config_id: configId, last_updated_date: now })
    .where('analysis_id', '=', id)
    .execute()
}

function analysisOf(row: Selectable<Tables['analysis']>): Analysis {
  return {
    id: row.analysis_id,
    name: row.analysis_name,
    startDate: row.start_date,
    configId: row.config_id,
    created: row.created_date,
    updated: row.last_updated_date,
  }
}

import type { Selectable } from 'kysely'
import { UserError } from '../../core/errors.ts'
import type { Workflow } from '../model/records.ts'
import type { Queries } from './database.ts'
import type { Tables } from './tables.ts'

export interface NewWorkflow {
  name: string
  version: string
  configId: string
  digest: string
}

/** The id of the new workflow; nothing when another program has made one of this name and version since. */
export async function addWorkflow(queries: Queries, workflow: NewWorkflow, now: string): Promise<number | undefined> {
  const row = await queries
    .insertInto('workflow')
    .values({
      workflow_name: workflow.name,
      workflow_version: workflow.version,
      config_id: workflow.configId,
      workflow_digest: workflow.digest,
      created_date: now,
      last_updated_date: now,
    })
    .onConflict((conflict) => conflict.columns(['workflow_name', 'workflow_version']).doNothing())
    .returning('workflow_id')
    .executeTakeFirst()
  return row?.workflow_id
}

export async function findWorkflow(queries: Queries, name: string, version: string): Promise<Workflow | undefined> {
  const row = await queries
    .selectFrom('workflow')
    .selectAll()
    .where('workflow_name', '=', name)
    .where('workflow_version', '=', version)
    .executeTakeFirst()
  return row === undefined ? undefined : workflowOf(row)
}

/** The workflow of that id, or a `UserError` that says there is none. */
export async function getWorkflow(queries: Queries, id: number): Promise<Workflow> {
  const row = await queries.selectFrom('workflow').selectAll().where('workflow_id', '=', id).executeTakeFirst()
  if (row !== undefined) return workflowOf(row)
  throw new UserError('unknown-workflow', `There is no workflow ${id}.`, {
    hint: `'butler list-workflows' shows them.`,
  })
}

export async function listWorkflows(queries: Queries): Promise<Workflow[]> {
  const rows = await queries.selectFrom('workflow').selectAll().orderBy('workflow_id').execute()
  return rows.map(workflowOf)
}

export async function setWorkflowConfiguration(
  queries: Queries,
  id: number,
  configId: string,
  now: string,
): Promise<void> {
  await queries
    .updateTable('workflow')
    .set({ config_id: configId, last_updated_date: now })
    .where('workflow_id', '=', id)
    .execute()
}

function workflowOf(row: Selectable<Tables['workflow']>): Workflow {
  return {
    id: row.workflow_id,
    name: row.workflow_name,
    version: row.workflow_version,
    configId: row.config_id,
    digest: row.workflow_digest,
    created: row.created_date,
    updated: row.last_updated_date,
  }
}

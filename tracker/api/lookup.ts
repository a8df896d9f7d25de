import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import { readWorkflow, WORKFLOW_FILE, type WorkflowDefinition } from '../model/workflow.ts'

export interface FoundWorkflow {
  folder: string
  definition: WorkflowDefinition
}

interface Wanted {
  name: string
  version: string
  /** The file of the workflow's configuration. */
  configFile: string
  /** Folders in which to look by name. */
  folders: readonly string[]
}

/** The folder of the configuration's file if it is a workflow, else the one of that name and version in the folders. */
export async function findWorkflowFolder(wanted: Wanted): Promise<FoundWorkflow> {
  const own = dirname(wanted.configFile)
  if (existsSync(join(own, WORKFLOW_FILE))) {
    const definition = await readWorkflow(own)
    if (definition.name === wanted.name && definition.version === wanted.version) return { folder: own, definition }
    throw differs(wanted, definition)
  }
  const found = await workflowsIn(wanted.folders)
  const match = found.find(({ definition }) => definition.name === wanted.name && definition.version === wanted.version)
  if (match !== undefined) return match
  const sameName = found.find(({ definition }) => definition.name === wanted.name)
  throw sameName === undefined ? notFound(wanted, found, own) : differs(wanted, sameName.definition)
}

async function workflowsIn(folders: readonly string[]): Promise<FoundWorkflow[]> {
  const found: FoundWorkflow[] = []
  for (const folder of folders) {
    for (const candidate of [folder, ...(await subfolders(folder))]) {
      if (!existsSync(join(candidate, WORKFLOW_FILE))) continue
      found.push({ folder: candidate, definition: await readWorkflow(candidate) })
    }
  }
  return found
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .sort()
}

function differs(wanted: Wanted, definition: WorkflowDefinition): UserError {
  const what = definition.name === wanted.name ? 'version' : 'name'
  return new UserError(
    'workflow-mismatch',
    `The workflow is '${definition.name}', version '${definition.version}', not '${wanted.name}', version '${wanted.version}'.`,
    { hint: `Give the ${what} that it has, or change it there.`, at: definition.placeOf([what]) },
  )
}

function notFound(wanted: Wanted, found: readonly FoundWorkflow[], own: string): UserError {
  const near = suggest(
    wanted.name,
    found.map(({ definition }) => definition.name),
  )
  const places = wanted.folders.length === 0 ? '' : `, nor a workflow of that name in ${wanted.folders.join(', ')}`
  return new UserError(
    'unknown-workflow',
    `There is no workflow '${wanted.name}': ${own} has no ${WORKFLOW_FILE}${places}.`,
    {
      hint:
        near ??
        `Put its configuration beside its ${WORKFLOW_FILE}, or name its folder under 'workflows:' in tracker.yaml.`,
    },
  )
}

import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { AirflowApi } from '../engines/airflow/api.ts'
import { isDagId, WRITTEN_BY_HAND } from '../engines/airflow/dag.ts'
import { canonicalJson } from '../model/canonical.ts'
import { readConfiguration } from '../model/document.ts'
import { configurationIdOfFile } from '../model/ids.ts'
import { addAnalysis, findAnalysis } from '../store/analyses.ts'
import { addConfiguration, ensureConfiguration, findConfiguration } from '../store/configurations.ts'
import type { Queries } from '../store/database.ts'
import { addWorkflow, findWorkflow } from '../store/workflows.ts'
import { keepWorkflow } from './kept.ts'
import { findWorkflowFolder } from './lookup.ts'
import { type Tracker, timeOf } from './tracker.ts'

/** A configuration as it comes from a file; its id too, when the file is named after it. */
export interface GivenConfiguration {
  config: DataMap
  id: string | undefined
}

export interface Created {
  id: number
  /** False when there was the same one already. */
  isNew: boolean
}

export async function readGiven(file: string, idFromFilename: boolean): Promise<GivenConfiguration> {
  const id = idFromFilename ? configurationIdOfFile(file) : undefined
  return { id, config: await readConfiguration(file) }
}

export interface WorkflowRequest {
  name: string
  version: string
  configFile: string
  idFromFilename: boolean
}

/** Creates a workflow, or gives the one that is the same in name, version, configuration and tasks. */
export async function createWorkflow(tracker: Tracker, request: WorkflowRequest): Promise<Created> {
  const { name, version, configFile } = request
  const given = await readGiven(configFile, request.idFromFilename)
  const { digest, from } = await contentOf(tracker, request)
  const now = await timeOf(tracker.database)
  return once(tracker, async (queries) => {
    const known = await findWorkflow(queries, name, version)
    if (known === undefined) {
      const configId = await keepConfiguration(queries, given, now)
      return added(await addWorkflow(queries, { name, version, configId, digest }, now))
    }
    if (known.digest !== digest) {
      throw new UserError(
        'workflow-exists',
        `Workflow '${name}' ${version} exists (id ${known.id}), with other tasks.`,
        {
          hint: `${from} has changed since. Give the changed workflow a new version.`,
        },
      )
    }
    if (await isSame(queries, known.configId, given)) return { id: known.id, isNew: false }
    throw new UserError(
      'workflow-exists',
      `Workflow '${name}' ${version} exists (id ${known.id}), with another configuration.`,
      { hint: `To change it: butler update-config -w ${known.id} -c ${configFile}` },
    )
  })
}

/** What the workflow does: its folder, as it is now, or a DAG of its name that somebody wrote by hand for Airflow. */
async function contentOf(tracker: Tracker, request: WorkflowRequest): Promise<{ digest: string; from: string }> {
  const { name, version, configFile } = request
  const { engine, workflows, kept } = tracker.config
  try {
    const { folder } = await findWorkflowFolder({ name, version, configFile, folders: workflows })
    return { digest: await keepWorkflow(folder, configFile, kept), from: `Its folder ${folder}` }
  } catch (error) {
    const isUnknown = error instanceof UserError && error.code === 'unknown-workflow'
    if (!isUnknown || engine.kind !== 'airflow' || !isDagId(name)) throw error
    if (await new AirflowApi(engine).hasDag(name)) return { digest: WRITTEN_BY_HAND, from: 'Its DAG in Airflow' }
    throw new UserError(error.code, `${error.message} Nor does Airflow know a DAG '${name}'.`, { hint: error.hint })
  }
}

export interface AnalysisRequest {
  name: string
  /** ISO; nothing when it was not given. */
  startDate: string | undefined
  configFile: string
  idFromFilename: boolean
}

/** Creates an analysis, or gives the one that is the same in name, start date and configuration. */
export async function createAnalysis(tracker: Tracker, request: AnalysisRequest): Promise<Created> {
  const { name, startDate, configFile } = request
  const given = await readGiven(configFile, request.idFromFilename)
  const now = await timeOf(tracker.database)
  return once(tracker, async (queries) => {
    const known = await findAnalysis(queries, name)
    if (known === undefined) {
      const configId = await keepConfiguration(queries, given, now)
      return added(await addAnalysis(queries, { name, startDate: startDate ?? null, configId }, now))
    }
    if (startDate !== undefined && startDate !== known.startDate) {
      throw new UserError(
        'analysis-exists',
        `Analysis '${name}' exists (id ${known.id}), with ${known.startDate === null ? 'no start date' : `the start date ${known.startDate}`}.`,
        { hint: 'Leave out -d to use that one, or give the new analysis another name.' },
      )
    }
    if (await isSame(queries, known.configId, given)) return { id: known.id, isNew: false }
    throw new UserError('analysis-exists', `Analysis '${name}' exists (id ${known.id}), with another configuration.`, {
      hint: `To change it: butler update-config -a ${known.id} -c ${configFile}`,
    })
  })
}

/** Keeps what came from a file and gives the id under which it is kept. */
export async function keepConfiguration(queries: Queries, given: GivenConfiguration, now: string): Promise<string> {
  if (given.id === undefined) return addConfiguration(queries, given.config, now)
  await ensureConfiguration(queries, given.id, given.config, now)
  return given.id
}

async function isSame(queries: Queries, configId: string, given: GivenConfiguration): Promise<boolean> {
  if (given.id !== undefined && given.id !== configId) return false
  const known = await findConfiguration(queries, configId)
  return known !== undefined && canonicalJson(known) === canonicalJson(given.config)
}

/** Another program was faster: the transaction is undone and begins again, and then finds what the other one made. */
class Overtaken extends Error {}

function added(id: number | undefined): Created {
  if (id === undefined) throw new Overtaken()
  return { id, isNew: true }
}

async function once(tracker: Tracker, create: (queries: Queries) => Promise<Created>): Promise<Created> {
  const attempt = (): Promise<Created> => tracker.database.queries.transaction().execute(create)
  return attempt().catch((error: unknown) => {
    if (error instanceof Overtaken) return attempt()
    throw error
  })
}

import { getAnalysis, setAnalysisConfiguration } from '../store/analyses.ts'
import { getWorkflow, setWorkflowConfiguration } from '../store/workflows.ts'
import { keepConfiguration, readGiven } from './create.ts'
import { type Tracker, timeOf } from './tracker.ts'

export interface ConfigUpdate {
  of: 'workflow' | 'analysis'
  id: number
  configFile: string
  idFromFilename: boolean
}

/**
 * Gives a workflow or an analysis another configuration, for runs that are launched from now on. The old one is kept, and
 * so is what earlier runs were launched with. Gives the new configuration's id.
 */
export async function updateConfiguration(tracker: Tracker, update: ConfigUpdate): Promise<string> {
  const given = await readGiven(update.configFile, update.idFromFilename)
  const now = await timeOf(tracker.database)
  return tracker.database.queries.transaction().execute(async (queries) => {
    if (update.of === 'workflow') await getWorkflow(queries, update.id)
    else await getAnalysis(queries, update.id)
    const configId = await keepConfiguration(queries, given, now)
    if (update.of === 'workflow') await setWorkflowConfiguration(queries, update.id, configId, now)
    else await setAnalysisConfiguration(queries, update.id, configId, now)
    return configId
  })
}

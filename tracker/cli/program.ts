import type { Program } from '../../core/cli/command.ts'
import { LAYOUT_OPTIONS } from '../../core/cli/layout.ts'
import { cancelRun } from './commands/cancel-run.ts'
import { createAnalysis } from './commands/create-analysis.ts'
import { createWorkflow } from './commands/create-workflow.ts'
import { engine } from './commands/engine.ts'
import { getRunCount } from './commands/get-run-count.ts'
import { launchWorkflow } from './commands/launch-workflow.ts'
import { listAnalyses } from './commands/list-analyses.ts'
import { listRuns } from './commands/list-runs.ts'
import { listWorkflows } from './commands/list-workflows.ts'
import { printConfig } from './commands/print-config.ts'
import { printEffectiveConfig } from './commands/print-effective-config.ts'
import { resume } from './commands/resume.ts'
import { retryRun } from './commands/retry-run.ts'
import { runLog } from './commands/run-log.ts'
import { serve } from './commands/serve.ts'
import { showRun } from './commands/show-run.ts'
import { testRun } from './commands/test-run.ts'
import { taskRun } from './commands/task-run.ts'
import { updateConfig } from './commands/update-config.ts'

export const program: Program = {
  name: 'butler',
  summary: 'Launches workflows over many samples and tracks each of them to its end.',
  options: LAYOUT_OPTIONS,
  commands: [
    createWorkflow,
    createAnalysis,
    launchWorkflow,
    updateConfig,
    getRunCount,
    listWorkflows,
    listAnalyses,
    listRuns,
    showRun,
    runLog,
    retryRun,
    cancelRun,
    resume,
    printEffectiveConfig,
    printConfig,
    testRun,
    engine,
    serve,
    taskRun,
  ],
}

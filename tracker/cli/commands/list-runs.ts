import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { formatTable } from '../../../core/cli/table.ts'
import type { Run } from '../../model/records.ts'
import { RUN_STATUSES } from '../../model/status.ts'
import { ANALYSIS_ID, JSON_SCHEMA, WORKFLOW_ID } from '../flags.ts'
import { idOption, statusOption } from '../given.ts'
import { runShape } from '../shapes.ts'

const COLUMNS = [
  'analysis_run_id',
  'run_status',
  'analysis',
  'workflow',
  'source',
  'run_start_date',
  'run_end_date',
  'error',
]

export const listRuns: Command = {
  name: 'list-runs',
  summary: 'List analysis runs and the state of each',
  examples: ['butler list-runs', 'butler list-runs -a 1 -s error', 'butler list-runs -w 2 --json'],
  options: [
    ANALYSIS_ID,
    WORKFLOW_ID,
    { flags: '-s, --run_status <status>', summary: 'Only runs in this state', choices: RUN_STATUSES },
  ],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { endStopped } = await import('../../api/sweep.ts')
    const { getAnalysis } = await import('../../store/analyses.ts')
    const { getWorkflow } = await import('../../store/workflows.ts')
    const { listRuns } = await import('../../store/runs.ts')
    const analysisId = idOption(call, 'analysis_id')
    const workflowId = idOption(call, 'workflow_id')
    const runs = await withTracker(call, async (tracker) => {
      const { queries } = tracker.database
      await endStopped(tracker)
      if (analysisId !== undefined) await getAnalysis(queries, analysisId)
      if (workflowId !== undefined) await getWorkflow(queries, workflowId)
      return listRuns(queries, { analysisId, workflowId, status: statusOption(call) })
    })
    call.io.print(formatTable(COLUMNS, runs.map(rowOf)))
    call.io.data({ schema: JSON_SCHEMA, ok: true, runs: runs.map(runShape) })
    return EXIT.ok
  },
}

function rowOf(run: Run): string[] {
  return [
    String(run.id),
    run.status,
    `${run.analysis.id} ${run.analysis.name}`,
    `${run.workflow.id} ${run.workflow.name} ${run.workflow.version}`,
    run.source,
    run.started ?? '-',
    run.ended ?? '-',
    run.error?.cause ?? '-',
  ]
}

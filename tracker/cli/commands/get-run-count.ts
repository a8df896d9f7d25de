import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { RUN_STATUSES } from '../../model/status.ts'
import { ANALYSIS_ID, JSON_SCHEMA, required } from '../flags.ts'
import { requiredId, statusOption } from '../given.ts'

export const getRunCount: Command = {
  name: 'get-run-count',
  summary: 'Count the runs of an analysis, all of them or those in one state',
  examples: ['butler get-run-count -a 1', 'butler get-run-count -a 1 -s completed'],
  options: [
    required(ANALYSIS_ID),
    { flags: '-s, --run_status <status>', summary: 'Only runs in this state', choices: RUN_STATUSES },
  ],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { endStopped } = await import('../../api/sweep.ts')
    const { getAnalysis } = await import('../../store/analyses.ts')
    const { countRuns } = await import('../../store/runs.ts')
    const id = requiredId(call, 'analysis_id')
    const status = statusOption(call)
    const counts = await withTracker(call, async (tracker) => {
      await endStopped(tracker)
      await getAnalysis(tracker.database.queries, id)
      return countRuns(tracker.database.queries, id)
    })
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    if (status === undefined) {
      const parts = RUN_STATUSES.map((each) => `${counts[each]} ${each}`)
      call.io.print(`There are ${total} analysis runs for analysis ${id}: ${parts.join(', ')}`)
    } else {
      call.io.print(`There are ${counts[status]} analysis runs for analysis ${id}, with status ${status}`)
    }
    call.io.data({
      schema: JSON_SCHEMA,
      ok: true,
      analysis_id: id,
      run_status: status ?? null,
      count: status === undefined ? total : counts[status],
      by_status: counts,
    })
    return EXIT.ok
  },
}

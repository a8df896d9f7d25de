import { type Command, flagOption } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { ANALYSIS_ID, DETACH, JSON_SCHEMA, WORKFLOW_ID } from '../flags.ts'
import { idOption } from '../given.ts'

export const resume: Command = {
  name: 'resume',
  summary: 'Run again what ended because its engine was stopped',
  details: 'After a crash or a restart of this machine. Runs that failed by themselves are left alone.',
  examples: ['butler resume', 'butler resume -a 1 --detach'],
  options: [ANALYSIS_ID, WORKFLOW_ID, DETACH],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { interruptedRuns, retryRuns } = await import('../../api/retry.ts')
    const { startAndWatch } = await import('../watch.ts')
    const filter = { analysisId: idOption(call, 'analysis_id'), workflowId: idOption(call, 'workflow_id') }
    return withTracker(call, async (tracker) => {
      const runs = await interruptedRuns(tracker, filter)
      if (runs.length === 0) {
        call.io.print('No run was interrupted.')
        call.io.data({ schema: JSON_SCHEMA, ok: true, runs: [] })
        return EXIT.ok
      }
      for (const run of runs) call.io.note(`run ${run.id} (${run.source}): ${run.error?.cause ?? ''}`)
      const retried = await retryRuns(
        tracker,
        runs.map(({ id }) => id),
      )
      return startAndWatch(tracker, call.io, retried, flagOption(call, 'detach'))
    })
  },
}

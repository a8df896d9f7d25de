import { type Command, flagOption } from '../../../core/cli/command.ts'
import { DETACH, required, RUN_ID } from '../flags.ts'
import { requiredId } from '../given.ts'

export const retryRun: Command = {
  name: 'retry-run',
  summary: 'Run an analysis run that has ended once more',
  details:
    'With exactly what it was launched with, in a new folder. To run it with a changed configuration, launch it.',
  examples: ['butler retry-run -r 7'],
  options: [required(RUN_ID), DETACH],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { retryRuns } = await import('../../api/retry.ts')
    const { startAndWatch } = await import('../watch.ts')
    const id = requiredId(call, 'analysis_run_id')
    return withTracker(call, async (tracker) => {
      const retried = await retryRuns(tracker, [id])
      return startAndWatch(tracker, call.io, retried, flagOption(call, 'detach'))
    })
  },
}

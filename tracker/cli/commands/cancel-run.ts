import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { JSON_SCHEMA, required, RUN_ID } from '../flags.ts'
import { requiredId } from '../given.ts'
import { runShape } from '../shapes.ts'

export const cancelRun: Command = {
  name: 'cancel-run',
  summary: 'End an analysis run that waits or is going on',
  details: 'Its programs get SIGTERM and a moment to end themselves. The run is then in error, cancelled.',
  examples: ['butler cancel-run -r 7'],
  options: [required(RUN_ID)],
  async run(call) {
    const { hostname, userInfo } = await import('node:os')
    const { withTracker } = await import('../../api/tracker.ts')
    const { cancelRun } = await import('../../api/cancel.ts')
    const id = requiredId(call, 'analysis_run_id')
    const by = `${userInfo().username} on ${hostname()}`
    const run = await withTracker(call, (tracker) => cancelRun(tracker, id, by, call.io.interrupted))
    const cancelled = run.error?.kind === 'cancelled'
    call.io.print(`run ${id} is ${run.status}${run.error === null ? '' : `: ${run.error.cause}`}`)
    call.io.data({ schema: JSON_SCHEMA, ok: cancelled, run: runShape(run) })
    return cancelled ? EXIT.ok : EXIT.failed
  },
}

import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { JSON_SCHEMA, required, RUN_ID } from '../flags.ts'
import { requiredId } from '../given.ts'

export const printEffectiveConfig: Command = {
  name: 'print-effective-config',
  summary: 'Print what an analysis run was launched with: workflow, analysis and run merged',
  examples: ['butler print-effective-config -r 1'],
  options: [required(RUN_ID)],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { getRun } = await import('../../store/runs.ts')
    const id = requiredId(call, 'analysis_run_id')
    const { effective } = await withTracker(call, ({ database }) => getRun(database.queries, id))
    call.io.print(JSON.stringify(effective, null, 4))
    call.io.data({ schema: JSON_SCHEMA, ok: true, analysis_run_id: id, config: effective })
    return EXIT.ok
  },
}

import { type Command, flagOption } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import type { Io } from '../../../core/cli/io.ts'
import type { Launched } from '../../api/launch.ts'
import { ANALYSIS_ID, DETACH, ID_FROM_FILENAME, JSON_SCHEMA, required, WORKFLOW_ID } from '../flags.ts'
import { requiredId, requiredText } from '../given.ts'

export const launchWorkflow: Command = {
  name: 'launch-workflow',
  summary: 'Launch a workflow: one analysis run for each configuration file in a folder',
  details:
    'All files that end in .json or .yaml count, in folders below too; hidden ones do not. All are checked before the ' +
    'first run is made. Shows what the runs do until all have ended; Ctrl-C ends the watching, not the runs. With ' +
    '--id_from_filename, files that were launched before are not launched again.',
  examples: [
    'butler launch-workflow -w 1 -a 1 -c examples/analyses/test-analysis/run-config/',
    'butler launch-workflow -w 2 -a 5 -c samples/ --id_from_filename --detach',
  ],
  options: [
    required(WORKFLOW_ID),
    required(ANALYSIS_ID),
    { flags: '-c, --config_location <folder>', summary: "The folder with the runs' configurations", required: true },
    ID_FROM_FILENAME,
    DETACH,
  ],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { launch } = await import('../../api/launch.ts')
    const { startAndWatch } = await import('../watch.ts')
    const request = {
      workflowId: requiredId(call, 'workflow_id'),
      analysisId: requiredId(call, 'analysis_id'),
      folder: requiredText(call, 'config_location'),
      idFromFilename: flagOption(call, 'id_from_filename'),
    }
    return withTracker(call, async (tracker) => {
      const launched = await launch(tracker, request)
      announce(call.io, launched)
      if (launched.runIds.length > 0) return startAndWatch(tracker, call.io, launched, flagOption(call, 'detach'))
      call.io.data({ schema: JSON_SCHEMA, ok: true, runs: [] })
      return EXIT.ok
    })
  },
}

function announce(io: Io, { runIds, workflow, analysis, known, ignored }: Launched): void {
  for (const file of ignored) io.note(`Not a configuration, left out: ${file}`)
  for (const { source, run } of known) io.note(`Launched before, left out: ${source} (run ${run.id}, ${run.status})`)
  const runs = `${runIds.length} analysis run${runIds.length === 1 ? '' : 's'}`
  io.print(`Launched ${runs} of workflow '${workflow.name}' ${workflow.version} in analysis '${analysis.name}'.`)
}

import { type Command, flagOption } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { UserError } from '../../../core/errors.ts'
import { ANALYSIS_ID, CONFIG_FILE, ID_FROM_FILENAME, JSON_SCHEMA, required, WORKFLOW_ID } from '../flags.ts'
import { idOption, requiredText } from '../given.ts'

export const updateConfig: Command = {
  name: 'update-config',
  summary: 'Give a workflow or an analysis another configuration',
  details: 'It holds for runs that are launched from now on. Earlier runs keep what they were launched with.',
  examples: ['butler update-config -w 1 -c config.json', 'butler update-config -a 1 -c analysis.json'],
  options: [WORKFLOW_ID, ANALYSIS_ID, required(CONFIG_FILE), ID_FROM_FILENAME],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { updateConfiguration } = await import('../../api/update.ts')
    const workflow = idOption(call, 'workflow_id')
    const analysis = idOption(call, 'analysis_id')
    const id = workflow ?? analysis
    if (id === undefined || (workflow !== undefined && analysis !== undefined)) {
      throw new UserError('usage', 'update-config changes one workflow or one analysis.', {
        hint: 'Give either --workflow_id or --analysis_id.',
      })
    }
    const of = workflow === undefined ? 'analysis' : 'workflow'
    const configId = await withTracker(call, (tracker) =>
      updateConfiguration(tracker, {
        of,
        id,
        configFile: requiredText(call, 'config_file_location'),
        idFromFilename: flagOption(call, 'id_from_filename'),
      }),
    )
    call.io.print(`Updated ${of} ${id}: its configuration is now ${configId}`)
    call.io.data({ schema: JSON_SCHEMA, ok: true, config_id: configId })
    return EXIT.ok
  },
}

import { type Command, flagOption } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { CONFIG_FILE, ID_FROM_FILENAME, JSON_SCHEMA, required } from '../flags.ts'
import { requiredText } from '../given.ts'

export const createWorkflow: Command = {
  name: 'create-workflow',
  summary: 'Create a workflow, with its configuration',
  details:
    'The workflow is the folder of the configuration if that has a workflow.yaml, else the one of that name in the ' +
    "folders under 'workflows:' in tracker.yaml. It is kept as it is now: later edits do not change it. Creating the " +
    'same workflow again gives the same id.',
  examples: [
    'butler create-workflow -n test -v 1.0 -c examples/workflow/test-workflow/test-workflow-config.json',
    'butler create-workflow --workflow_name align --workflow_version 2.1 --config_file_location align.yaml',
  ],
  options: [
    { flags: '-n, --workflow_name <name>', summary: 'Its name, as in its workflow.yaml', required: true },
    { flags: '-v, --workflow_version <version>', summary: 'Its version, as in its workflow.yaml', required: true },
    required(CONFIG_FILE),
    ID_FROM_FILENAME,
  ],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { createWorkflow } = await import('../../api/create.ts')
    const { id, isNew } = await withTracker(call, (tracker) =>
      createWorkflow(tracker, {
        name: requiredText(call, 'workflow_name'),
        version: requiredText(call, 'workflow_version'),
        configFile: requiredText(call, 'config_file_location'),
        idFromFilename: flagOption(call, 'id_from_filename'),
      }),
    )
    if (!isNew) call.io.note(`It was there already, exactly so.`)
    call.io.print(`Created workflow with ID: ${id}`)
    call.io.data({ schema: JSON_SCHEMA, ok: true, workflow_id: id, created: isNew })
    return EXIT.ok
  },
}

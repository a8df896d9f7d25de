import { type Command, flagOption, textOption } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { CONFIG_FILE, ID_FROM_FILENAME, JSON_SCHEMA, required } from '../flags.ts'
import { requiredText } from '../given.ts'

export const createAnalysis: Command = {
  name: 'create-analysis',
  summary: 'Create an analysis, with its configuration',
  details: 'Creating the same analysis again gives the same id.',
  examples: ['butler create-analysis -n test -d 01-01-2017 -c examples/analyses/test-analysis/analysis.json'],
  options: [
    { flags: '-n, --analysis_name <name>', summary: 'Its name', required: true },
    { flags: '-d, --analysis_start_date <date>', summary: 'When it starts: 01-31-2017 (month first) or 2017-01-31' },
    required(CONFIG_FILE),
    ID_FROM_FILENAME,
  ],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { createAnalysis } = await import('../../api/create.ts')
    const { parseDay } = await import('../../model/dates.ts')
    const date = textOption(call, 'analysis_start_date')
    const startDate = date === undefined ? undefined : parseDay(date)
    const { id, isNew } = await withTracker(call, (tracker) =>
      createAnalysis(tracker, {
        name: requiredText(call, 'analysis_name'),
        startDate,
        configFile: requiredText(call, 'config_file_location'),
        idFromFilename: flagOption(call, 'id_from_filename'),
      }),
    )
    if (!isNew) call.io.note(`It was there already, exactly so.`)
    call.io.print(`Created analysis with ID: ${id}`)
    call.io.data({ schema: JSON_SCHEMA, ok: true, analysis_id: id, created: isNew })
    return EXIT.ok
  },
}

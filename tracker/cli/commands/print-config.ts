import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { UserError } from '../../../core/errors.ts'
import { JSON_SCHEMA } from '../flags.ts'
import { requiredText } from '../given.ts'

export const printConfig: Command = {
  name: 'print-config',
  summary: 'Print one configuration as it was given',
  examples: ['butler print-config -c 2f1a8f0e-6b1d-4c7e-9d55-0a6f2b3c4d5e'],
  options: [{ flags: '-c, --config_id <id>', summary: 'The id of the configuration', required: true }],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { parseConfigurationId } = await import('../../model/ids.ts')
    const { findConfiguration } = await import('../../store/configurations.ts')
    const id = parseConfigurationId(requiredText(call, 'config_id'))
    const config = await withTracker(call, ({ database }) => findConfiguration(database.queries, id))
    if (config === undefined) {
      throw new UserError('unknown-configuration', `No configuration found with config_id: ${id}`, {
        hint: `'butler list-workflows', 'butler list-analyses' and 'butler list-runs --json' show their ids.`,
      })
    }
    call.io.print(JSON.stringify(config, null, 4))
    call.io.data({ schema: JSON_SCHEMA, ok: true, config_id: id, config })
    return EXIT.ok
  },
}

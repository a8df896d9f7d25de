import { flagOption, textOption, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { layoutOf } from '../../core/cli/layout.ts'
import { versionOf } from '../../core/release/version.ts'

export const start: Command = {
  name: 'start',
  summary: 'Runs the agent: what the system’s unit does.',
  details: 'It logs to stderr. SIGTERM stops it; state runs that are under way go on, and the next agent finds them.',
  examples: ['butler-minion start', 'butler-minion --root ~/minion start'],
  options: [{ flags: '--log-json', summary: 'Log as JSON, one object a line' }],
  async run(call) {
    const { start } = await import('../main.ts')
    const layout = layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') })
    await start({ layout, version: versionOf(process.argv[1]), logJson: flagOption(call, 'logJson') })
    return EXIT.ok
  },
}

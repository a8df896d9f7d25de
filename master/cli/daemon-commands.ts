import { flagOption, textOption, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { layoutOf } from '../../core/cli/layout.ts'
import { setup } from '../setup.ts'

const start: Command = {
  name: 'start',
  summary: "Runs the master: what the system's unit does",
  details: 'It logs to stderr. SIGTERM ends it; jobs go on at the minions, and the next master finds them.',
  examples: ['butler-master start', 'butler-master --root ~/master start'],
  options: [{ flags: '--log-json', summary: 'Log as JSON, one object a line' }],
  async run(call) {
    const { start } = await import('../main.ts')
    const layout = layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') })
    await start({ layout, logJson: flagOption(call, 'logJson') })
    return EXIT.ok
  },
}

export const daemonCommands: readonly Command[] = [start, setup]

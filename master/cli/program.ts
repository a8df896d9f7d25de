import type { Program } from '../../core/cli/command.ts'
import { LAYOUT_OPTIONS } from '../../core/cli/layout.ts'
import { applyCommands } from './apply-commands.ts'
import { checkCommand } from './check-command.ts'
import { daemonCommands } from './daemon-commands.ts'
import { explainCommand } from './explain-command.ts'
import { jobCommands } from './job-commands.ts'
import { keyCommands } from './key-commands.ts'
import { minionCommands } from './minion-commands.ts'
import { orchestrateCommand } from './orchestrate-command.ts'
import { planCommands } from './plan-commands.ts'
import { runCommand } from './run-command.ts'
import { schemaCommand } from './schema-command.ts'
import { secretCommands } from './secret-commands.ts'
import { showCommands } from './show-commands.ts'
import { sourceCommands } from './source-commands.ts'
import { tokenCommands } from './token-commands.ts'
import { validateCommand } from './validate-command.ts'

export const program: Program = {
  name: 'butler-master',
  summary: 'The master daemon, and what an operator does with it: bring minions to what they should be, ask, watch.',
  options: LAYOUT_OPTIONS,
  commands: [
    orchestrateCommand,
    validateCommand,
    ...applyCommands,
    ...planCommands,
    runCommand,
    ...minionCommands,
    ...jobCommands,
    explainCommand,
    ...showCommands,
    ...sourceCommands,
    checkCommand,
    schemaCommand,
    ...secretCommands,
    ...keyCommands,
    ...tokenCommands,
    ...daemonCommands,
  ],
}

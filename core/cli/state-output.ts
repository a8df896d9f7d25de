import type { Call, Option } from './command.ts'
import { textOption } from './command.ts'

const MODES = ['mixed', 'full', 'terse', 'changes'] as const

/**
 * `full` shows a block for each state, `terse` a line. `mixed` shows a line for what is as it should be and a block for
 * the rest; `changes` shows a block for what changed or failed and nothing else.
 */
export type StateOutput = (typeof MODES)[number]

/** How a command shows states, Salt's `--state-output`. */
export const STATE_OUTPUT: Option = {
  flags: '--state-output <mode>',
  summary: 'How to show states: mixed is a line for what is in order and a block for the rest',
  choices: MODES,
  default: 'mixed',
}

export function stateOutputOf(call: Call): StateOutput {
  const given = textOption(call, 'stateOutput')
  return MODES.find((mode) => mode === given) ?? 'mixed'
}

import type { Program } from '../../core/cli/command.ts'
import { LAYOUT_OPTIONS } from '../../core/cli/layout.ts'
import { setup } from '../setup.ts'
import { enroll } from './enroll.ts'
import { start } from './start.ts'
import { status } from './status.ts'

export const program: Program = {
  name: 'butler-minion',
  summary: "This machine's agent: joins a master, does what it says, and tells it what happened.",
  options: LAYOUT_OPTIONS,
  commands: [start, enroll, status, setup],
}

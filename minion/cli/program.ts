import type { Program } from '../../core/cli/command.ts'
import { setup } from '../setup.ts'
import { enroll } from './enroll.ts'
import { start } from './start.ts'
import { status } from './status.ts'

export const program: Program = {
  name: 'butler-minion',
  summary: "This machine's agent: joins a master, does what it says, and tells it what happened.",
  options: [
    { flags: '--config <dir>', summary: 'The configuration folder; /etc/butler' },
    { flags: '--root <dir>', summary: 'Keep everything under this folder, as an ordinary user can' },
  ],
  commands: [start, enroll, status, setup],
}

import { join } from 'node:path'
import t from 'tap'
import { PROJECT } from '../../packaging/bundle.ts'
import { command } from '../../packaging/command.ts'

const SCRIPT = join(PROJECT, 'packaging/install/agent.sh')

const WRONG: Readonly<Record<string, readonly string[]>> = {
  "unknown option '--tokn'": ['--tokn', 'x'],
  "'--token' needs a value": ['--token'],
  '--master is missing': ['--token', 'x'],
  '--pin is missing': ['--master', 'butler.example:4510'],
  '--ca-fingerprint is missing': ['--master', 'butler.example', '--pin', 'sha256//x'],
}

for (const [complaint, words] of Object.entries(WRONG)) {
  t.test(complaint, async (t) => {
    const { exitCode, stderr } = await command(['sh', SCRIPT, ...words])
    t.equal(exitCode, 1)
    t.match(stderr, `agent.sh: ${complaint}`)
  })
}

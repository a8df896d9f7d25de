import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { runningVersion } from '../../core/release/version.ts'

export const version = fn({
  summary: "Answers the version of the minion's Butler.",
  args: () => args({}),
  example: 'test.version',
  changes: false,
  run: () => Promise.resolve(runningVersion()),
})

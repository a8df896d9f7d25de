import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const ping = fn({
  summary: 'Answers true: the minion is there and works.',
  args: () => args({}),
  example: 'test.ping',
  changes: false,
  run: () => Promise.resolve(true),
})

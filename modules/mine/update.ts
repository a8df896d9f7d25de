import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const update = fn({
  summary: "Runs this minion's `mine_functions` now and sends the answers to the master.",
  args: () => args({}),
  example: 'mine.update',
  changes: 'asks',
})

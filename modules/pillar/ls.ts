import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const ls = fn({
  summary: "Answers the names at the top of this minion's pillar.",
  args: () => args({}),
  example: 'pillar.ls',
  changes: false,
  run: (view) => Promise.resolve(Object.keys(view.pillar).sort()),
})

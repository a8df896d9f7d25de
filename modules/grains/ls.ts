import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const ls = fn({
  summary: 'Answers the names of all grains.',
  args: () => args({}),
  example: 'grains.ls',
  changes: false,
  run: (view) => Promise.resolve(Object.keys(view.grains).sort()),
})

import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const items = fn({
  summary: 'Answers all grains: what this machine is.',
  args: () => args({}),
  example: 'grains.items',
  changes: false,
  run: (view) => Promise.resolve(view.grains),
})

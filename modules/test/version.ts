import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const version = fn({
  summary: "Answers the version of the minion's Butler.",
  args: args({}),
  example: 'test.version',
  changes: false,
  run: (view) => Promise.resolve(view.grains['butlerversion'] ?? view.grains['butler_version'] ?? null),
})

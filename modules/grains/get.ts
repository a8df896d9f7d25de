import { anything, args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { lookup } from '../../core/module/lookup.ts'

export const get = fn({
  summary: 'Answers one grain, or something inside it, by a path of names and positions.',
  args: () =>
    args({
      key: text('The path, such as `ip4_interfaces:eth0:0`.'),
      default: anything('What to answer when there is none.').default(''),
      delimiter: text('What stands between the steps of the path.').default(':'),
    }),
  example: 'grains.get os_family',
  changes: false,
  run: (view, want) => Promise.resolve(lookup(view.grains, want.key, want.delimiter) ?? want.default),
})

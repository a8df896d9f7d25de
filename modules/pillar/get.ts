import { anything, args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { lookup } from '../../core/module/lookup.ts'

export const get = fn({
  summary: 'Answers one value of the pillar by a path of names and positions.',
  args: () => args({
    key: text('The path, such as `postgres:databases:0`.'),
    default: anything('What to answer when there is none.').default(''),
    delimiter: text('What stands between the steps of the path.').default(':'),
  }),
  example: 'pillar.get postgres:listen',
  changes: false,
  run: (view, want) => Promise.resolve(lookup(view.pillar, want.key, want.delimiter) ?? want.default),
})

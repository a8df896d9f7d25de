import { args, texts } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { lookup } from '../../core/module/lookup.ts'

export const item = fn({
  summary: 'Answers some grains by name; what there is not is left out.',
  args: () => args({ keys: texts('The names: one, or a list.') }),
  example: 'grains.item "[os, osrelease, num_cpus]"',
  changes: false,
  run(view, want) {
    const found = want.keys.flatMap((key) => {
      const value = lookup(view.grains, key)
      return value === undefined ? [] : [[key, value] as const]
    })
    return Promise.resolve(Object.fromEntries(found))
  },
})

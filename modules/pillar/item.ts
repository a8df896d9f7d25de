import { args, texts } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { lookup } from '../../core/module/lookup.ts'

export const item = fn({
  summary: 'Answers some values of the pillar by path; what there is not is left out.',
  args: () => args({ keys: texts('The names: one, or a list.') }),
  example: 'pillar.item "[postgres, consul]"',
  changes: false,
  run(view, want) {
    const found = want.keys.flatMap((key) => {
      const value = lookup(view.pillar, key)
      return value === undefined ? [] : [[key, value] as const]
    })
    return Promise.resolve(Object.fromEntries(found))
  },
})

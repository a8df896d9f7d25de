import { anything, args, flag, texts } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const apply = fn({
  summary: 'Applies state files; without names, everything that the roles of this minion ask for.',
  args: () =>
    args({
      mods: texts('The state files: one, or a list.').default([]),
      test: flag('Only says what would change.').default(false),
      pillar: anything('Pillar values for this run, over those that there are.').optional(),
    }),
  example: 'state.apply postgres test=true',
  changes: 'asks',
})

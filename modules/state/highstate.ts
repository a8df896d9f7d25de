import { anything, args, flag } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const highstate = fn({
  summary: 'Brings this minion to all that its roles ask for.',
  args: () =>
    args({
      test: flag('Only says what would change.').default(false),
      pillar: anything('Pillar values for this run, over those that there are.').optional(),
    }),
  example: 'state.highstate test=true',
  changes: 'asks',
})

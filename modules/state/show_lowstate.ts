import { args, texts } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const showLowstate = fn({
  summary: 'Answers what a run would do, chunk by chunk, in the order of the run.',
  args: () => args({ mods: texts('The state files; without names, those of all roles.').default([]) }),
  example: 'state.show_lowstate postgres',
  changes: 'asks',
})

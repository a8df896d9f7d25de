import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const items = fn({
  summary: "Answers this minion's pillar: what it was told. Secrets are shown by their names only.",
  args: () => args({}),
  example: 'pillar.items',
  changes: false,
  run: (view) => Promise.resolve(view.pillar),
})

import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { unitNames } from './unit.ts'

export const getAll = fn({
  summary: 'Answers the names of all services of this machine.',
  args: () => args({}),
  example: 'service.get_all',
  changes: false,
  run: async (view) => (await unitNames(view)).filter((name) => name.endsWith('.service')).sort(),
})

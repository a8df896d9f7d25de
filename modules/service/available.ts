import { fn } from '../../core/module/fn.ts'
import { one } from './one.ts'
import { unitFact } from './unit.ts'

export const available = fn({
  summary: 'Answers whether this machine has the service.',
  args: one,
  example: 'service.available postgresql',
  changes: false,
  run: async (view, want) => (await view.fact(unitFact(want.name))).load !== 'not-found',
})

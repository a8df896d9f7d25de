import { fn } from '../../core/module/fn.ts'
import { one } from './one.ts'
import { isActive, requireUnit } from './unit.ts'

export const status = fn({
  summary: 'Answers whether the service runs.',
  args: one,
  example: 'service.status postgresql',
  changes: false,
  run: async (view, want) => isActive(await requireUnit(view, want.name)),
})

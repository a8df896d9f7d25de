import { fn } from '../../core/module/fn.ts'
import { one } from './one.ts'
import { isEnabled, requireUnit } from './unit.ts'

export const isEnabledFunction = fn({
  summary: 'Answers whether the service starts with the machine.',
  args: one,
  example: 'service.enabled postgresql',
  changes: false,
  run: async (view, want) => isEnabled(await requireUnit(view, want.name)),
})

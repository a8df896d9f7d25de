import { UserError } from '../../core/errors.ts'
import { fn } from '../../core/module/fn.ts'
import { act } from './act.ts'
import { one } from './one.ts'
import { isActive, requireUnit } from './unit.ts'

export const stop = fn({
  summary: 'Stops the service.',
  args: one,
  example: 'service.stop postgresql',
  changes: true,
  async run(host, want) {
    const unit = await requireUnit(host, want.name)
    const after = await act(host, 'stop', unit.name)
    if (isActive(after)) throw new UserError('still-running', `${unit.name} is still ${after.active}.`)
    return true
  },
})

import { args, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { bootChanges } from './boot.ts'
import { requireUnit } from './unit.ts'

export const enabled = state({
  summary: 'The service starts with the machine. Whether it runs now is not touched.',
  args: () => args({ name: text('The service; `.service` is understood.') }),
  reports: { enabled: 'Whether it started with the machine before and after.' },
  example: `
    chrony:
      service.enabled: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const unit = await requireUnit(view, want.name)
    return yield* planOf(bootChanges(unit, true), `Service ${want.name} is already enabled`)
  },
})

import { args, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { bootChanges } from './boot.ts'
import { unitFact } from './unit.ts'

export const disabled = state({
  summary: 'The service does not start with the machine. Whether it runs now is not touched.',
  args: () => args({ name: text('The service; `.service` is understood.') }),
  reports: { disabled: 'Whether it started with the machine before and after.' },
  example: `
    apt-daily.timer:
      service.disabled: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const unit = await view.fact(unitFact(want.name))
    if (unit.load === 'not-found') return yield* planOf([], `The named service ${want.name} is not available`)
    return yield* planOf(bootChanges(unit, false), `Service ${want.name} is already disabled`)
  },
})

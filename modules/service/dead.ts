import { args, flag, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { act } from './act.ts'
import { bootChanges } from './boot.ts'
import { isActive, unitFact } from './unit.ts'

export const dead = state({
  summary: 'The service does not run.',
  args: () =>
    args({
      name: text('The service; `.service` is understood.'),
      enable: flag('Whether it starts with the machine. Else that stays as it is.').optional(),
    }),
  reports: {
    running: 'What it did before and does after.',
    enabled: 'Whether it started with the machine before and after.',
    disabled: 'The same, when `enable` is false.',
  },
  example: `
    apt-daily.timer:
      service.dead:
        - enable: false
  `,
  makes: () => [],
  async *plan(view, want) {
    const unit = await view.fact(unitFact(want.name))
    if (unit.load === 'not-found') return yield* planOf([], `The named service ${want.name} is not available`)
    const isUp = isActive(unit) || unit.active === 'activating'
    const stop = change(
      'running',
      { old: unit.active, new: 'inactive' },
      [{ kind: 'unit', name: unit.name }],
      async (host) => {
        const after = await act(host, 'stop', unit.name)
        return { shows: { old: unit.active, new: after.active }, comment: `Service ${want.name} was stopped` }
      },
    )
    return yield* planOf(
      [...(isUp ? [stop] : []), ...bootChanges(unit, want.enable)],
      `The service ${want.name} is already dead`,
    )
  },
})

import { args, flag, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { act } from './act.ts'
import { unitFact } from './unit.ts'

export const masked = state({
  summary:
    'The service can not be started, by anybody. Whether it runs now is not touched; a unit may be masked before it is there.',
  args: () =>
    args({
      name: text('The service; `.service` is understood.'),
      runtime: flag('Only until the machine starts again.').default(false),
    }),
  reports: { masked: 'What its unit file was before and is after.' },
  example: `
    apt-daily.timer:
      service.masked: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const unit = await view.fact(unitFact(want.name))
    const wanted = want.runtime ? 'masked-runtime' : 'masked'
    if (unit.file === wanted) return yield* planOf([], `Service ${want.name} is already masked`)
    const masking = change('masked', { old: unit.file, new: wanted }, [], async (host) => {
      await act(host, 'mask', unit.name, want.runtime ? ['--runtime'] : [])
      return { comment: `Service ${unit.name} has been masked` }
    })
    return yield* planOf([masking], '')
  },
})

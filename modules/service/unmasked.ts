import { args, flag, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { act } from './act.ts'
import { unitFact } from './unit.ts'

export const unmasked = state({
  summary: 'The service is not masked: it may be started.',
  args: () =>
    args({
      name: text('The service; `.service` is understood.'),
      runtime: flag('Takes off the mask that ends with the next start of the machine.').default(false),
    }),
  reports: { unmasked: 'What its unit file was before and is after.' },
  example: `
    apt-daily.timer:
      service.unmasked: []
  `,
  makes: (want) => [{ kind: 'unit', name: want.name }],
  async *plan(view, want) {
    const unit = await view.fact(unitFact(want.name))
    if (unit.file !== (want.runtime ? 'masked-runtime' : 'masked')) {
      return yield* planOf([], `Service ${want.name} is not masked`)
    }
    const unmasking = change('unmasked', { old: unit.file, new: '' }, [], async (host) => {
      const { file } = await act(host, 'unmask', unit.name, want.runtime ? ['--runtime'] : [])
      return { shows: { old: unit.file, new: file }, comment: `Service ${unit.name} has been unmasked` }
    })
    return yield* planOf([unmasking], '')
  },
})

import { UserError } from '../../core/errors.ts'
import { args, path } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'

export const missing = state({
  summary: 'Nothing lies at this path. It is not removed: the state fails when something does.',
  args: () => args({ name: path('What must not be there.') }),
  reports: {},
  example: `
    /var/run/reboot-required:
      file.missing: []
  `,
  makes: () => [],
  async *plan(view, want) {
    if ((await view.stat(want.name)) === undefined) return yield* planOf([], `Path ${want.name} is missing`)
    throw new UserError('in-the-way', `Specified path ${want.name} exists`)
  },
})

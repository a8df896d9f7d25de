import { UserError } from '../../core/errors.ts'
import { args, path } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'

export const exists = state({
  summary: 'Something lies at this path, whatever it is. It is not made: the state fails when nothing does.',
  args: () => args({ name: path('What must be there.') }),
  reports: {},
  example: `
    /etc/ssl/private/cluster.key:
      file.exists: []
  `,
  makes: () => [],
  async *plan(view, want) {
    if ((await view.stat(want.name)) !== undefined) return yield* planOf([], `Path ${want.name} exists`)
    view.missing({ kind: 'path', name: want.name })
    throw new UserError('no-file', `Specified path ${want.name} does not exist`)
  },
})

import { args, flag, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { userFact } from './passwd.ts'

export const absent = state({
  summary: 'There is no such user.',
  args: () =>
    args({
      name: text("The user's name."),
      purge: flag('Removes its home folder and its mail as well.').default(false),
      force: flag('Removes it even while it is logged in.').default(false),
    }),
  reports: { '<name>': '`removed`.' },
  example: `
    trainee:
      user.absent:
        - purge: true
  `,
  makes: () => [],
  async *plan(view, want) {
    const has = await view.fact(userFact(want.name))
    if (has === undefined) return yield* planOf([], `User ${want.name} is not present`)
    const words = [...(want.purge ? ['-r'] : []), ...(want.force ? ['-f'] : [])]
    const removing = change(want.name, 'removed', [{ kind: 'user', name: want.name }], async (host) => {
      await host.run(['userdel', ...words, '--', want.name], { check: true })
      return { comment: `Removed user ${want.name}` }
    })
    return yield* planOf([removing], '')
  },
})

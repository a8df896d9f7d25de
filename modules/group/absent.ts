import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { groupFact } from './entry.ts'

export const absent = state({
  summary: 'There is no such group.',
  args: () => args({ name: text("The group's name.") }),
  reports: { '<name>': '`removed`.' },
  example: `
    trainees:
      group.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const has = await view.fact(groupFact(want.name))
    if (has === undefined) return yield* planOf([], `Group ${want.name} is not present`)
    const removing = change(want.name, 'removed', [{ kind: 'group', name: want.name }], async (host) => {
      await host.run(['groupdel', '--', want.name], { check: true })
      return { comment: `Removed group ${want.name}` }
    })
    return yield* planOf([removing], '')
  },
})

import { UserError } from '../../core/errors.ts'
import { args, flag, path } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { madeBy } from './made.ts'
import { parentChanges, PARENT_REPORTS } from './parents.ts'

export const rename = state({
  summary: 'What lay at the source lies at this path. When nothing lies at the source, it has been moved already.',
  args: () =>
    args({
      name: path('Where it is to lie.'),
      source: path('Where it lay.'),
      force: flag('Replaces what lies there.').default(false),
      makedirs: flag('Makes the folders above it.').default(false),
    }),
  reports: { '<name>': 'Where it lay before.', ...PARENT_REPORTS },
  example: `
    /etc/butler/minion.yaml:
      file.rename:
        - source: /etc/butler/minion.yaml.new
        - force: true
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    const { name, source } = want
    if ((await view.stat(source)) === undefined) {
      return yield* planOf([], `Source file "${source}" has already been moved out of place`)
    }
    const isTaken = (await view.stat(name)) !== undefined
    if (isTaken && !want.force) {
      throw new UserError('in-the-way', `The target file "${name}" exists and will not be overwritten`, {
        hint: 'Add `force: true` to replace it.',
      })
    }
    const parents = await parentChanges(view, name, want.makedirs, {})
    const moving = change(name, source, madeBy(name), async (host) => {
      if (isTaken) await host.remove(name)
      await host.rename(source, name)
      return { comment: `Moved "${source}" to "${name}"` }
    })
    return yield* planOf([...parents, moving], '')
  },
})

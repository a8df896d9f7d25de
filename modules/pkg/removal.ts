import { args, type ArgsOf, packages, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, type Plan } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { managerOf } from './manager.ts'
import { differences } from './outcome.ts'
import { wishesOf } from './wish.ts'

export const removalArgs = () =>
  args({
    name: text('The package, when `pkgs` is not given.'),
    pkgs: packages('Several packages.').optional(),
  })

/** What pkg.removed and pkg.purged do; purging takes the settings too. */
export async function* removalPlan(view: View, want: ArgsOf<typeof removalArgs>, purge: boolean): Plan {
  const manager = managerOf(view)
  const before = await manager.installed(view)
  const names = wishesOf(want).map(({ name }) => name)
  const present = names.filter((name) => before.versions.has(name) || before.qualified.has(name))
  if (present.length === 0) return yield* planOf([], `All specified packages are already absent`)
  const makes = present.map((name) => ({ kind: 'package' as const, name }))
  const removing = change(present.join(', '), { old: 'installed', new: '' }, makes, async (host) => {
    await manager.remove(host, present, { purge })
    const changes = differences(before, await manager.installed(host))
    return { changes, comment: `All targeted packages were removed: ${present.join(', ')}` }
  })
  return yield* planOf([removing], '')
}

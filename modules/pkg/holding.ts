import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, text, texts } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, type Plan } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { managerOf } from './manager.ts'

export const holdArgs = () =>
  args({
    name: text('The package.'),
    pkgs: texts('Several of them, in place of the name.').optional(),
  })

/** Holds the packages, or lets them go. One that is not installed can't be held. */
export async function* holdPlan(view: View, want: ArgsOf<typeof holdArgs>, hold: boolean): Plan {
  const manager = managerOf(view)
  const names = want.pkgs ?? [want.name]
  const { versions } = await manager.installed(view)
  const absent = names.filter((name) => !versions.has(name))
  if (hold && absent.length > 0) {
    for (const name of absent) view.missing({ kind: 'package', name })
    throw new UserError('not-installed', `${absent.join(', ')} can't be held: not installed.`, {
      hint: 'Install it with pkg.installed, and require that state here.',
    })
  }
  const has = await manager.held(view)
  const differs = names.filter((name) => has.has(name) !== hold && versions.has(name))
  const verb = hold ? 'hold' : 'unhold'
  const changes = differs.map((name) =>
    change(name, verb, [{ kind: 'package', name: `${name} held` }], async (host) => {
      await manager.hold(host, name, hold)
      return { comment: `${name} is ${hold ? '' : 'not '}held` }
    }),
  )
  return yield* planOf(changes, `${names.join(', ')}: ${hold ? 'held' : 'not held'} as it should be`)
}

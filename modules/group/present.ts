import { requireUser } from '../../core/module/accounts.ts'
import { args, flag, integer, text, texts } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { groupFact } from './entry.ts'

export const present = state({
  summary: 'The group exists, with this number and these members. What is not given stays as it is.',
  args: () =>
    args({
      name: text("The group's name."),
      gid: integer('Its number.').optional(),
      system: flag('Makes it a system group, with a low number, when it is made.').default(false),
      members: texts('Exactly these users are its members.').optional(),
      addusers: texts('These users are among its members.').default([]),
      delusers: texts('These users are not among its members.').default([]),
      non_unique: flag('Whether another group may have the same number.').default(false),
    }),
  reports: {
    '<name>': 'Name and number of a group that was made.',
    gid: 'The number before and after.',
    members: 'The members before and after.',
  },
  example: `
    analysis:
      group.present:
        - gid: 4000
  `,
  makes: (want) => [{ kind: 'group', name: want.name }],
  async *plan(view, want) {
    for (const name of [...(want.members ?? []), ...want.addusers]) await requireUser(view, name)
    const has = await view.fact(groupFact(want.name))
    const makes = [{ kind: 'group' as const, name: want.name }]
    const members = membersWanted(has?.members ?? [], want)
    const changes: Change[] = []
    const gid = want.gid === undefined ? [] : ['-g', String(want.gid)]
    const words = [...gid, ...(want.non_unique ? ['-o'] : [])]
    if (has === undefined) {
      changes.push(
        change(want.name, { old: '', new: 'group' }, makes, async (host) => {
          await host.run(['groupadd', ...(want.system ? ['-r'] : []), ...words, '--', want.name], { check: true })
          const made = await host.fact(groupFact(want.name))
          return { shows: { name: want.name, gid: made?.gid ?? null }, comment: `New group ${want.name} created` }
        }),
      )
    } else if (want.gid !== undefined && want.gid !== has.gid) {
      changes.push(
        change('gid', { old: has.gid, new: want.gid }, makes, async (host) => {
          await host.run(['groupmod', ...words, '--', want.name], { check: true })
        }),
      )
    }
    if (members.join(',') !== [...(has?.members ?? [])].sort().join(',')) {
      changes.push(
        change('members', { old: [...(has?.members ?? [])], new: members }, makes, async (host) => {
          await host.run(['gpasswd', '-M', members.join(','), want.name], { check: true })
        }),
      )
    }
    return yield* planOf(changes, `Group ${want.name} is present and up to date`)
  },
})

/** Sorted. */
function membersWanted(
  has: readonly string[],
  want: { members?: readonly string[] | undefined; addusers: readonly string[]; delusers: readonly string[] },
): string[] {
  const all = new Set([...(want.members ?? has), ...want.addusers])
  for (const name of want.delusers) all.delete(name)
  return [...all].sort()
}

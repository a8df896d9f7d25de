import { args, flag, packages, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { managerOf } from './manager.ts'
import { installedNow } from './outcome.ts'
import { wishesOf } from './wish.ts'

export const uptodate = state({
  summary: 'All packages, or these of them, are in the newest version that the lists of this machine know.',
  args: () =>
    args({
      name: text('Any name.'),
      pkgs: packages('Only these; one that is not installed is left out.').optional(),
      refresh: flag('Asks the repositories for their lists before anything is upgraded.').default(false),
      skip_verify: flag('Takes packages without a signature.').default(false),
    }),
  reports: {
    '<package>': 'The version before and after.',
    upgrades: 'In a plan: all of them, by package.',
  },
  example: `
    security updates:
      pkg.uptodate:
        - pkgs: [openssl, openssh-server]
  `,
  async *plan(view, want) {
    const manager = managerOf(view)
    const has = await manager.installed(view)
    const all = await manager.upgrades(view)
    const names = want.pkgs === undefined ? [] : wishesOf(want).map(({ name }) => name)
    const open = names.length === 0 ? [...all.keys()] : names.filter((name) => all.has(name))
    if (open.length === 0) return yield* planOf([], 'System is already up-to-date')
    const shows = Object.fromEntries(open.map((name) => [name, { ...(all.get(name) ?? { old: '', new: '' }) }]))
    const makes = [...open.map((name) => ({ kind: 'package' as const, name })), 'anything' as const]
    const { refresh, skip_verify: skipVerify } = want
    yield change('upgrades', shows, makes, async (host) => {
      await manager.upgrade(host, names.length === 0 ? [] : open, { refresh, skipVerify })
      return installedNow(host, has, open)
    })
    return ''
  },
})

import { args, flag, packages, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { managerOf } from './manager.ts'
import { installedNow } from './outcome.ts'
import { versionsOf, wishesOf } from './wish.ts'

export const latest = state({
  summary: 'These packages are installed in the newest version that the lists of this machine know.',
  args: () =>
    args({
      name: text('The package, when `pkgs` is not given.'),
      pkgs: packages('Several packages, installed in one go.').optional(),
      refresh: flag('Asks the repositories for their lists before installing.').default(true),
      install_recommends: flag('Whether recommended packages are installed too.').optional(),
      fromrepo: text('The release or repository to take it from.').optional(),
      skip_verify: flag('Takes packages without a signature.').default(false),
    }),
  reports: { '<package>': 'The version before and after, for everything that was installed along with it too.' },
  example: `
    rabbitmq-server:
      pkg.latest:
        - refresh: true
  `,
  async *plan(view, want) {
    const manager = managerOf(view)
    const has = await manager.installed(view)
    const names = wishesOf(want).map(({ name }) => name)
    const candidates = await manager.candidates(view, names)
    const open = names.filter((name) => {
      const newest = candidates.get(name)
      const versions = versionsOf(has, name)
      return (
        versions === undefined || (newest !== undefined && versions.every((old) => manager.compare(old, newest) < 0))
      )
    })
    if (open.length === 0) return yield* planOf([], `Package ${names.join(', ')} is already up-to-date`)
    const shows = {
      old: open.map((name) => versionsOf(has, name)?.join(', ') ?? '').join(', '),
      new: open.map((name) => candidates.get(name) ?? 'latest').join(', '),
    }
    const makes = [...open.map((name) => ({ kind: 'package' as const, name })), 'anything' as const]
    const { refresh, install_recommends: recommends, fromrepo, skip_verify: skipVerify } = want
    const upgrade = change(open.join(', '), shows, makes, async (host) => {
      await manager.install(
        host,
        open.map((name) => ({ name })),
        { newest: true, refresh, recommends, fromrepo, skipVerify },
      )
      return installedNow(host, has, open)
    })
    return yield* planOf([upgrade], '')
  },
})

import { args, type ArgsOf, flag, packages, text, textMap } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { type Installed, type InstallOptions, managerOf, type Wished } from './manager.ts'
import { isFulfilled, versionsOf, type Wish, wishedVersion, wishesOf } from './wish.ts'
import { ALL_INSTALLED, installedNow } from './outcome.ts'
import { sourceChanges } from './sources.ts'

const wanted = () =>
  args({
    name: text('The package, when `pkgs` is not given.'),
    pkgs: packages('Several packages, installed in one go: `[nginx, {postgresql: 15*}]`.').optional(),
    version: text('Its version: exact, a glob such as `15*`, or conditions such as `>=15,<16`. Else any.').optional(),
    sources: textMap('Package files to install, by package name: paths, `http(s)://`.').optional(),
    refresh: flag('Asks the repositories for their lists first, unless that was done in the last minutes.').default(
      false,
    ),
    install_recommends: flag('Whether recommended packages are installed too. Else as the system does it.').optional(),
    fromrepo: text('The release or repository to take it from.').optional(),
    skip_verify: flag('Takes packages without a signature.').default(false),
  })

type Want = ArgsOf<typeof wanted>

export const installed = state({
  summary: 'These packages are installed. A package that is there stays as it is, unless a version is asked for.',
  args: wanted,
  reports: { '<package>': 'The version before and after, for everything that was installed along with it too.' },
  example: `
    postgresql:
      pkg.installed:
        - pkgs:
          - postgresql
          - postgresql-contrib
  `,
  async *plan(view, want) {
    if (want.sources !== undefined)
      return yield* planOf(await sourceChanges(view, want.sources, options(want)), ALL_INSTALLED)
    const manager = managerOf(view)
    const has = await manager.installed(view)
    const wishes = wishesOf(want)
    const open = wishes.filter((wish) => !isFulfilled(wish, has, manager))
    if (open.length === 0)
      return yield* planOf([], wishes.length === 1 && want.version !== undefined ? ONE : ALL_INSTALLED)
    return yield* planOf(await installChanges(view, open, has, options(want)), ALL_INSTALLED)
  },
  together: {
    key: ({ sources, install_recommends: recommends, fromrepo, skip_verify: skipVerify }) =>
      sources === undefined ? JSON.stringify([recommends, fromrepo, skipVerify]) : undefined,
    join: (wants) => ({
      ...wants[0],
      name: wants[0]?.name ?? '',
      pkgs: wants.flatMap((want) => [...wishesOf(want)]),
      refresh: wants.some((want) => want.refresh),
      skip_verify: wants.some((want) => want.skip_verify),
    }),
    owns: (want, changed) => wishesOf(want).some(({ name }) => name === changed),
  },
})

const ONE = 'The package is already installed in the version that was asked for'

function options(want: Want): InstallOptions {
  const { refresh, install_recommends: recommends, fromrepo, skip_verify: skipVerify } = want
  return { refresh, recommends, fromrepo, skipVerify }
}

/** One change for all: the installer runs once. A version with conditions needs to know what is on offer. */
async function installChanges(
  view: View,
  open: readonly Wish[],
  before: Installed,
  how: InstallOptions,
): Promise<Change[]> {
  const manager = managerOf(view)
  const vague = open.filter(({ version }) => version !== undefined).map(({ name }) => name)
  const candidates = await manager.candidates(view, vague)
  const wished = open.map((wish) => wishedVersion(wish, candidates.get(wish.name), manager))
  const makes = [...open.map(({ name }) => ({ kind: 'package' as const, name })), 'anything' as const]
  return [
    change(shownName(wished), shownChange(wished, before), makes, async (host) => {
      await manager.install(host, wished, how)
      return installedNow(
        host,
        before,
        wished.map(({ name }) => name),
      )
    }),
  ]
}

function shownName(wished: readonly Wished[]): string {
  return wished.map(({ name }) => name).join(', ')
}

function shownChange(wished: readonly Wished[], before: Installed): { old: string; new: string } {
  const versions = wished.map(({ name }) => versionsOf(before, name)?.join(', ') ?? '').filter((old) => old !== '')
  return { old: versions.join(', '), new: wished.map(({ version }) => version ?? 'installed').join(', ') }
}

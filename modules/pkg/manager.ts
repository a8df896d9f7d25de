import { UserError } from '../../core/errors.ts'
import type { Host } from '../../core/module/host.ts'
import type { View } from '../../core/module/view.ts'
import { apt } from './apt.ts'
import { dnf } from './dnf.ts'

/** What is installed: versions by package name. A name may have several (kernels, architectures). */
export interface Installed {
  readonly versions: ReadonlyMap<string, readonly string[]>
  /** The same by name and architecture, as the system writes it: `libc6:amd64`, `glibc.x86_64`. */
  readonly qualified: ReadonlyMap<string, readonly string[]>
  /** Names that installed packages stand in for. */
  readonly provided: ReadonlySet<string>
}

export interface Wished {
  readonly name: string
  /** An exact version. */
  readonly version?: string | undefined
}

/** Versions before and after; a package that comes along new has none before. */
export interface Upgrade {
  readonly old: string
  readonly new: string
}

export interface InstallOptions {
  /** Asks the repositories for their lists first, unless that was done in the last minutes. */
  readonly refresh: boolean
  /** The newest version even of what is installed already, which is what some managers need to be told. */
  readonly newest?: true
  readonly recommends?: boolean | undefined
  /** The release or repository to take it from. */
  readonly fromrepo?: string | undefined
  readonly skipVerify: boolean
}

/** How one family of systems looks after its packages. States name none of them. */
export interface Manager {
  installed(view: View): Promise<Installed>
  /** The newest version that the repositories offer for each name; a name that they don't know is missing. */
  candidates(view: View, names: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Negative when the first is older, as the system itself compares versions. */
  compare(one: string, other: string): number
  install(host: Host, wished: readonly Wished[], options: InstallOptions): Promise<void>
  /** Installs package files. */
  installFiles(host: Host, paths: readonly string[], options: InstallOptions): Promise<void>
  /** The names of the packages that keep their version. */
  held(view: View): Promise<ReadonlySet<string>>
  hold(host: Host, name: string, hold: boolean): Promise<void>
  /** What a bring-up-to-date would do, as far as the lists of this machine tell; those that keep their version left out. */
  upgrades(view: View): Promise<ReadonlyMap<string, Upgrade>>
  /** Brings these up to date, and nothing else but what they need; all when none is named. */
  upgrade(host: Host, names: readonly string[], options: InstallOptions): Promise<void>
  remove(host: Host, names: readonly string[], options: { purge: boolean }): Promise<void>
}

const MANAGERS: Readonly<Record<string, Manager>> = { Debian: apt, RedHat: dnf }

/** The manager of this machine's system. */
export function managerOf(view: View): Manager {
  const { os_family: family } = view.grains
  const manager = typeof family === 'string' ? MANAGERS[family] : undefined
  if (manager !== undefined) return manager
  throw new UserError(
    'not-supported',
    `Packages are not supported on this machine (os_family: ${JSON.stringify(family ?? null)}).`,
    {
      hint: `There is: ${Object.keys(MANAGERS).join(', ')}.`,
    },
  )
}

import { UserError } from '../../core/errors.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import { fact } from '../../core/module/fact.ts'
import type { Host } from '../../core/module/host.ts'
import type { Installed, InstallOptions, Manager, Wished } from './manager.ts'
import { compareRpmVersions } from './rpm_version.ts'

// Red Hat and its relatives: rpm knows what is installed, dnf changes it.

const FORMAT = '%{NAME}\\t%{ARCH}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t[%{PROVIDENAME} ]\\n'

const installedPackages = fact({
  name: 'installed packages (rpm)',
  stale: ['package'],
  async read(view): Promise<Installed> {
    const { exitCode, stdout, stderr } = await view.query(['rpm', '-qa', '--queryformat', FORMAT])
    if (exitCode !== 0) throw new UserError('rpm-failed', `rpm -qa failed: ${stderr.trim()}`)
    return parseRpm(stdout)
  },
})

/** The output of `rpm -qa` in our format. */
export function parseRpm(stdout: string): Installed {
  const versions = new Map<string, string[]>()
  const qualified = new Map<string, string[]>()
  const provided = new Set<string>()
  for (const line of stdout.split('\n')) {
    const [name, architecture, version, provides = ''] = line.split('\t')
    if (name === undefined || version === undefined) continue
    const key = `${name}.${architecture}`
    versions.set(name, [...(versions.get(name) ?? []), version])
    qualified.set(key, [...(qualified.get(key) ?? []), version])
    for (const other of provides.split(' ').filter((word) => word !== '')) provided.add(other)
  }
  return { versions, qualified, provided }
}

/** The output of `dnf repoquery` in our format: the newest version by name. */
export function parseRepoquery(stdout: string): Map<string, string> {
  const newest = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const [name, version] = line.trim().split('\t')
    if (name === undefined || version === undefined) continue
    const known = newest.get(name)
    if (known === undefined || compareRpmVersions(known, version) < 0) newest.set(name, version)
  }
  return newest
}

export const dnf: Manager = {
  installed: (view) => view.fact(installedPackages),

  async candidates(view, names) {
    if (names.length === 0) return new Map()
    const query = ['-q', 'repoquery', '--latest-limit=1', '--qf', '%{name}\\t%{evr}\\n', ...names]
    return parseRepoquery((await view.query(['dnf', ...query], { env: { LC_ALL: 'C' } })).stdout)
  },

  compare: compareRpmVersions,

  async install(host, wished, options) {
    await changing(host, ['install', ...wished.map(word)], options)
  },

  async installFiles(host, paths, options) {
    await changing(host, ['install', ...paths], options)
  },

  held: (view) => view.fact(lockedPackages),

  async hold(host, name, hold) {
    const { exitCode, stderr } = await host.run(['dnf', '-y', 'versionlock', hold ? 'add' : 'delete', name])
    if (exitCode === 0) return
    throw new ChangeFailed(`dnf versionlock failed for ${name}: ${stderr.trim()}`, {
      hint: 'It is a plugin of dnf: install python3-dnf-plugin-versionlock.',
    })
  },

  async upgrades(view) {
    // Unlike repoquery, it leaves out what is locked. 100: there are some.
    const { exitCode, stdout, stderr } = await view.query(['dnf', '-q', 'check-update'], { env: { LC_ALL: 'C' } })
    if (exitCode !== 0 && exitCode !== 100) {
      throw new UserError('dnf-failed', `dnf can't tell what would be upgraded: ${complaint(stderr)}`)
    }
    const { versions } = await view.fact(installedPackages)
    const offered = [...parseUpdates(stdout)]
    return new Map(offered.map(([name, now]) => [name, { old: versions.get(name)?.at(-1) ?? '', new: now }]))
  },

  async upgrade(host, names, options) {
    await changing(host, ['upgrade', ...names], options)
  },

  async remove(host, names) {
    await changing(host, ['remove', ...names], { refresh: false, skipVerify: false })
  },
}

/** The output of `dnf check-update`: `bash.x86_64  5.1.8-9.el9  baseos`, then what would be obsolete. */
export function parseUpdates(stdout: string): Map<string, string> {
  const [updates = ''] = stdout.split(/^Obsoleting Packages/mu)
  const lines = updates.matchAll(/^(\S+)\.\w+\s+(\S+)\s+\S+$/gmu)
  return new Map([...lines].map(([, name = '', version = '']) => [name, version]))
}

const lockedPackages = fact({
  name: 'locked packages (dnf versionlock)',
  stale: ['package'],
  async read(view): Promise<ReadonlySet<string>> {
    // Without the plugin nothing is locked.
    const { exitCode, stdout } = await view.query(['dnf', '-q', 'versionlock', 'list'])
    return exitCode === 0 ? parseLocks(stdout) : new Set()
  },
})

/** The output of `dnf versionlock list`: `postgresql-server-0:15.4-1.el9.*` is of postgresql-server. */
export function parseLocks(stdout: string): Set<string> {
  return new Set(stdout.split('\n').flatMap((line) => /^(.+)-\d+:[^-]+-[^-]+$/u.exec(line.trim())?.[1] ?? []))
}

async function changing(host: Host, words: readonly string[], options: InstallOptions): Promise<void> {
  const more = [
    ...(options.refresh ? ['--refresh'] : []),
    ...(options.newest === true ? ['--best'] : []),
    ...(options.recommends === undefined
      ? []
      : [`--setopt=install_weak_deps=${options.recommends ? 'True' : 'False'}`]),
    ...(options.fromrepo === undefined ? [] : [`--enablerepo=${options.fromrepo}`]),
    ...(options.skipVerify ? ['--nogpgcheck'] : []),
  ]
  const { exitCode, stdout, stderr } = await host.run(['dnf', '-y', ...more, ...words], { env: { LC_ALL: 'C' } })
  if (exitCode === 0) return
  const said = complaint(stderr || stdout)
  throw new ChangeFailed(`dnf failed with exit code ${exitCode} for ${words.slice(1).join(', ')}:\n${said}`)
}

/** What dnf says of an error: from the word on, or its last lines. */
function complaint(said: string): string {
  const lines = said.trim().split('\n')
  const at = lines.findIndex((line) => line.startsWith('Error'))
  return (at === -1 ? lines.slice(-LINES) : lines.slice(at, at + LINES)).join('\n')
}

const LINES = 10

function word({ name, version }: Wished): string {
  return version === undefined ? name : `${name}-${version}`
}

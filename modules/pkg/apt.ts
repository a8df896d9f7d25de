import { UserError } from '../../core/errors.ts'
import { fact } from '../../core/module/fact.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import type { Output, View } from '../../core/module/view.ts'
import { compareDebianVersions } from './debian_version.ts'
import type { Installed, InstallOptions, Manager, Upgrade, Wished } from './manager.ts'

// Debian and its relatives: dpkg knows what is installed, apt-get changes it.

const FORMAT = '${db:Status-Abbrev}\\t${Package}\\t${Architecture}\\t${Version}\\t${Provides}\\n'

const installedPackages = fact({
  name: 'installed packages (dpkg)',
  stale: ['package'],
  async read(view): Promise<Installed> {
    const { exitCode, stdout, stderr } = await view.query(['dpkg-query', '-W', `-f=${FORMAT}`])
    if (exitCode === 127) throw new UserError('no-dpkg', 'This machine has no dpkg-query, so its packages are unknown.')
    // dpkg-query fails when there is not one package.
    if (exitCode !== 0 && stdout === '' && !stderr.includes('no packages')) {
      throw new UserError('dpkg-failed', `dpkg-query failed: ${stderr.trim()}`)
    }
    return parseDpkg(stdout)
  },
})

const heldPackages = fact({
  name: 'held packages (apt-mark)',
  stale: ['package'],
  async read(view): Promise<ReadonlySet<string>> {
    const { stdout } = await view.query(['apt-mark', 'showhold'])
    // One of another architecture is `name:architecture`.
    return new Set(stdout.split('\n').flatMap((line) => line.trim().split(':')[0] || []))
  },
})

/** The output of `dpkg-query -W` in our format. Only what is installed counts, not what left its settings behind. */
export function parseDpkg(stdout: string): Installed {
  const versions = new Map<string, string[]>()
  const qualified = new Map<string, string[]>()
  const provided = new Set<string>()
  for (const line of stdout.split('\n')) {
    const [status = '', name, architecture, version, provides = ''] = line.split('\t')
    if (name === undefined || version === undefined || status[1] !== 'i') continue
    versions.set(name, [...(versions.get(name) ?? []), version])
    qualified.set(`${name}:${architecture}`, [version])
    for (const other of provides.split(',')) {
      const provide = other.trim().split(/[ (]/u)[0]
      if (provide !== undefined && provide !== '') provided.add(provide)
    }
  }
  return { versions, qualified, provided }
}

/** The output of `apt-get -s dist-upgrade`: `Inst bash [5.1] (5.2 Debian:12/stable [amd64])`; no version before one that is new. */
export function parseUpgrades(stdout: string): Map<string, Upgrade> {
  const lines = stdout.matchAll(/^Inst (\S+?)(?::\S+)? (?:\[(\S+)\] )?\((\S+) /gmu)
  return new Map([...lines].map(([, name = '', old = '', now = '']) => [name, { old, new: now }]))
}

/** The output of `apt-cache policy`: the candidate version by name. */
export function parsePolicy(stdout: string): Map<string, string> {
  const found = new Map<string, string>()
  let name: string | undefined
  for (const line of stdout.split('\n')) {
    const header = /^(\S+):$/u.exec(line)
    if (header !== null) name = header[1]
    const candidate = /^ {2}Candidate: (\S+)$/u.exec(line)?.[1]
    if (name !== undefined && candidate !== undefined && candidate !== '(none)') found.set(name, candidate)
  }
  return found
}

const ENV = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', NEEDRESTART_MODE: 'l' }
// Another run of apt (unattended upgrades) is waited for; settings that someone changed are kept.
const OPTIONS = [
  '-q',
  '-y',
  '-o',
  'DPkg::Lock::Timeout=300',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
]

export const apt: Manager = {
  installed: (view) => view.fact(installedPackages),

  async candidates(view, names) {
    const [first, ...rest] = names
    if (first === undefined) return new Map()
    return parsePolicy((await view.query(['apt-cache', 'policy', first, ...rest], { env: { LC_ALL: 'C' } })).stdout)
  },

  compare: compareDebianVersions,

  install: (host, wished, options) => installing(host, wished.map(word), options),

  installFiles: (host, paths, options) => installing(host, paths, options),

  held: (view) => view.fact(heldPackages),

  async hold(host, name, hold) {
    await host.run(['apt-mark', hold ? 'hold' : 'unhold', name], { check: true, env: { LC_ALL: 'C' } })
  },

  async upgrades(view) {
    const { exitCode, stdout, stderr } = await view.query(['apt-get', '-s', 'dist-upgrade'], { env: ENV })
    if (exitCode === 0) return parseUpgrades(stdout)
    throw new UserError('apt-failed', `apt-get can't tell what would be upgraded: ${lastLines(stderr)}`)
  },

  async upgrade(host, names, options) {
    if (options.refresh && !(await isFresh(host))) await update(host)
    const words = names.length === 0 ? ['dist-upgrade'] : ['install', '--only-upgrade', ...names]
    const output = await aptGet(host, words)
    if (output.exitCode !== 0) throw failure(names, output)
  },

  async remove(host, names, { purge }) {
    const output = await aptGet(host, [purge ? 'purge' : 'remove', ...names])
    if (output.exitCode !== 0) throw failure(names, output)
  },
}

async function installing(host: Host, words: readonly string[], options: InstallOptions): Promise<void> {
  if (options.refresh && !(await isFresh(host))) await update(host)
  const first = await aptGet(host, installWords(words, options))
  if (first.exitCode === 0) return
  if (!looksStale(first) || (await isFresh(host))) throw failure(words, first)
  await update(host)
  const second = await aptGet(host, installWords(words, options))
  if (second.exitCode !== 0) throw failure(words, second)
}

function installWords(words: readonly string[], options: InstallOptions): string[] {
  return [
    'install',
    ...(options.recommends === undefined ? [] : [`--${options.recommends ? '' : 'no-'}install-recommends`]),
    ...(options.fromrepo === undefined ? [] : ['-t', options.fromrepo]),
    ...(options.skipVerify ? ['--allow-unauthenticated'] : []),
    '--allow-downgrades',
    ...words,
  ]
}

function aptGet(host: Host, words: readonly string[]): Promise<Output> {
  return host.run(['apt-get', ...OPTIONS, ...words], { env: ENV })
}

const STAMP = '/var/lib/apt/periodic/update-success-stamp'

/** Asks the repositories for their lists, and leaves the stamp that apt's own timer leaves. */
async function update(host: Host): Promise<void> {
  const { exitCode, stdout, stderr } = await aptGet(host, ['update'])
  if (exitCode !== 0) {
    throw new ChangeFailed(`apt-get update failed:\n${lastLines(stderr || stdout)}`, {
      hint: 'Make sure that this machine reaches the repositories in /etc/apt.',
    })
  }
  await host.mkdir('/var/lib/apt/periodic', { parents: true })
  await host.touch(STAMP)
}

/** Whether the lists were asked for in the last ten minutes: by an earlier state of this run, for one. */
async function isFresh(view: View): Promise<boolean> {
  const { exitCode, stdout } = await view.query(['find', STAMP, '-mmin', '-10'])
  return exitCode === 0 && stdout.trim() !== ''
}

/** The failures that lists which are missing or too old lead to. */
function looksStale({ stdout, stderr }: Output): boolean {
  return /Unable to locate package|has no installation candidate|404 {2}Not Found|Unable to fetch|Version .* was not found/u.test(
    stdout + stderr,
  )
}

function failure(words: readonly string[], { stdout, stderr, exitCode }: Output): ChangeFailed {
  const unknown = /Unable to locate package (\S+)/u.exec(stdout + stderr)?.[1]
  return new ChangeFailed(
    `apt-get failed with exit code ${exitCode} for ${words.join(', ')}:\n${lastLines(stderr || stdout)}`,
    unknown === undefined
      ? {}
      : { hint: `No repository of this machine has '${unknown}': check its name, and /etc/apt/sources.list.d.` },
  )
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-10).join('\n')
}

function word({ name, version }: Wished): string {
  return version === undefined ? name : `${name}=${version}`
}

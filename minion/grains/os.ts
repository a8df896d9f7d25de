import { arch, platform, release } from 'node:os'
import type { DataMap } from '../../core/data.ts'
import { known, textOf } from './family.ts'

/** Which operating system, and of which family: what chooses between apt and dnf. */
export function os(): DataMap {
  if (platform() === 'darwin') return macos(textOf('/System/Library/CoreServices/SystemVersion.plist') ?? '')
  const text = textOf('/etc/os-release') ?? textOf('/usr/lib/os-release')
  if (text === undefined) throw new Error('there is no /etc/os-release')
  return fromOsRelease(text, arch())
}

/** Salt's short names of distributions, by the `ID` of os-release. */
const NAMES: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Raspbian',
  linuxmint: 'Mint',
  rhel: 'RedHat',
  centos: 'CentOS',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  fedora: 'Fedora',
  amzn: 'Amazon',
  ol: 'OEL',
  opensuse: 'SUSE',
  'opensuse-leap': 'SUSE',
  'opensuse-tumbleweed': 'SUSE',
  sles: 'SUSE',
  alpine: 'Alpine',
  arch: 'Arch',
}

const FAMILIES: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Debian',
  rhel: 'RedHat',
  centos: 'RedHat',
  rocky: 'RedHat',
  almalinux: 'RedHat',
  fedora: 'RedHat',
  amzn: 'RedHat',
  ol: 'RedHat',
  suse: 'Suse',
  opensuse: 'Suse',
  'opensuse-leap': 'Suse',
  'opensuse-tumbleweed': 'Suse',
  sles: 'Suse',
  alpine: 'Alpine',
  arch: 'Arch',
}

export function fromOsRelease(text: string, nodeArch: string): DataMap {
  const values = assignments(text)
  const id = values['ID'] ?? 'linux'
  const related = [id, ...(values['ID_LIKE'] ?? '').split(' ')]
  const family = related.map((name) => FAMILIES[name]).find((name) => name !== undefined)
  const name = NAMES[id] ?? values['NAME'] ?? id
  const version = values['VERSION_ID']
  return known({
    os: name,
    os_family: family ?? name,
    osfullname: values['NAME'],
    ...(version === undefined ? {} : versionGrains(name, version)),
    oscodename: values['VERSION_CODENAME'] ?? values['VERSION']?.replace(/^[^(]*\(|\)$/gu, ''),
    osarch: archOf(nodeArch, family),
    lsb_distrib_id: values['NAME'],
    lsb_distrib_release: version,
    lsb_distrib_codename: values['VERSION_CODENAME'],
  })
}

export function macos(plist: string): DataMap {
  const version = /<key>ProductVersion<\/key>\s*<string>(?<version>[^<]+)</u.exec(plist)?.groups?.['version']
  return known({
    os: 'MacOS',
    os_family: 'MacOS',
    osfullname: 'macOS',
    ...versionGrains('MacOS', version ?? release()),
    osarch: archOf(arch(), undefined),
  })
}

function versionGrains(name: string, version: string): DataMap {
  const info = version.split('.').map((part) => (/^\d+$/u.test(part) ? Number(part) : part))
  // Ubuntu's releases are told apart by year and month, all others by their first number
  const finger = name === 'Ubuntu' ? version : String(info[0])
  return {
    osrelease: version,
    osrelease_info: info,
    osmajorrelease: info[0] ?? version,
    osfinger: `${name}-${finger}`,
  }
}

function archOf(nodeArch: string, family: string | undefined): string {
  if (family === 'Debian') return { x64: 'amd64', ia32: 'i386', arm: 'armhf' }[nodeArch] ?? nodeArch
  return { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686' }[nodeArch] ?? nodeArch
}

function assignments(text: string): Record<string, string | undefined> {
  const lines = [...text.matchAll(/^(?<key>[A-Z_]+)=(?<quote>["']?)(?<value>.*)\k<quote>$/gmu)]
  return Object.fromEntries(lines.map(({ groups }) => [groups?.['key'] ?? '', groups?.['value']]))
}

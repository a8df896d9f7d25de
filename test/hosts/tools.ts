import { UserError } from '../../core/errors.ts'
import { command, must } from '../../packaging/command.ts'

/** Program -> Debian's package that has it. */
const NEEDED = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  nft: 'nftables',
  ip: 'iproute2',
  nsenter: 'util-linux',
} as const

/** Installs the programs that booting hosts takes, where they are missing. Needs root, on Debian or Ubuntu. */
export async function ensureTools(note: (text: string) => void): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new UserError('needs-root', 'Hosts are booted with systemd-nspawn, which needs Linux and root.')
  }
  const missing: string[] = []
  for (const [program, packaged] of Object.entries(NEEDED)) {
    const found = await command(['sh', '-c', `command -v ${program}`], { env: withSbin() })
    if (found.exitCode !== 0) missing.push(packaged)
  }
  if (missing.length === 0) return
  note(`installing ${missing.join(' ')}`)
  const env = { ...withSbin(), DEBIAN_FRONTEND: 'noninteractive' }
  await must(['apt-get', 'update', '-qq'], { env })
  await must(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing], { env })
}

/** This process's environment with the folders of root's programs in the path, which not every session has. */
function withSbin(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))
  return { ...Object.fromEntries(entries), PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin` }
}

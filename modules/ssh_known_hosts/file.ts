import { homeOf } from '../../core/module/accounts.ts'
import { integer, path, text } from '../../core/module/args.ts'
import { digestOf, hmacSha1, randomSalt } from '../../core/module/digest.ts'
import { readText } from '../../core/module/read_text.ts'
import type { Host } from '../../core/module/host.ts'
import type { View } from '../../core/module/view.ts'

/** What both states have to be told. */
export const about = {
  name: text('The machine, by the name or address that ssh is given.'),
  user: text("Whose file it is; the system's when left out.").optional(),
  config: path('Where the file lies, when it is another than that of user or system.').optional(),
  port: integer('The port of its ssh.').default(22),
}

interface About {
  name: string
  user?: string | undefined
  config?: string | undefined
  port: number
}

/** A key of a machine. */
export interface HostKey {
  /** `ssh-ed25519` and so on. */
  type: string
  /** In base64. */
  blob: string
}

/** The file, and whose it is when it has to be made. */
export interface KnownHosts {
  path: string
  user: string | undefined
  lines: readonly string[]
}

export async function readKnownHosts(view: View, { user, config }: About): Promise<KnownHosts> {
  const system = '/etc/ssh/ssh_known_hosts'
  const path = config ?? (user === undefined ? system : `${await homeOf(view, user)}/.ssh/known_hosts`)
  const text = (await readText(view, path)) ?? ''
  return { path, user, lines: text === '' ? [] : text.replace(/\n$/u, '').split('\n') }
}

export async function writeKnownHosts(host: Host, { path, user }: KnownHosts, lines: readonly string[]): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf('/'))
  if ((await host.stat(folder)) === undefined) {
    await host.mkdir(folder, { mode: '0700', parents: true })
    await host.chown(folder, user, undefined)
  }
  const isNew = (await host.stat(path)) === undefined
  const content = lines.length === 0 ? '' : `${lines.join('\n')}\n`
  await host.write(path, content, isNew ? { mode: user === undefined ? '0644' : '0600', user } : {})
}

/** As ssh writes a machine down: `db-server`, or `[db-server]:2222`. */
export function nameIn({ name, port }: About): string {
  return port === 22 ? name : `[${name}]:${port}`
}

/** The key that a line holds for this machine; nothing when it is about others, or is a comment. */
export function keyFor(line: string, name: string): HostKey | undefined {
  const [hosts = '', type, blob] = line.trim().split(/\s+/u)
  // `@revoked` and `@cert-authority` say something else of a machine than what its key is.
  if (type === undefined || blob === undefined || /^[#@]/u.test(hosts)) return undefined
  return hosts.split(',').some((each) => isName(each, name)) ? { type, blob } : undefined
}

/** The line without this machine; nothing is left of one that is about no other. */
export function withoutHost(line: string, name: string): string | undefined {
  const [hosts = '', ...rest] = line.trim().split(/\s+/u)
  const others = hosts.split(',').filter((each) => !isName(each, name))
  return others.length === 0 ? undefined : [others.join(','), ...rest].join(' ')
}

export function lineOf(name: string, { type, blob }: HostKey, hash: boolean): string {
  return `${hash ? hashed(name, randomSalt(20)) : name} ${type} ${blob}`
}

/** As ssh prints it: `SHA256:` and base64 without its end, or the MD5 with colons. */
export function fingerprintOf({ blob }: HostKey, kind: 'sha256' | 'md5'): string {
  const digest = Buffer.from(digestOf(kind, Buffer.from(blob, 'base64')), 'hex')
  if (kind === 'sha256') return digest.toString('base64').replace(/=+$/u, '')
  return digest.toString('hex').replaceAll(/(?<=[\da-f]{2})(?=[\da-f])(?=(?:[\da-f]{2})+$)/gu, ':')
}

function isName(written: string, name: string): boolean {
  const [, mark, salt] = written.split('|')
  if (mark !== '1' || salt === undefined) return written === name
  return written === hashed(name, Buffer.from(salt, 'base64'))
}

/** `|1|salt|hash`, as sshd(8) tells: an HMAC with SHA-1 of the name, so that the file does not tell where one goes. */
function hashed(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${hmacSha1(salt, name).toString('base64')}`
}

import type { View } from '../../core/module/view.ts'
import { requireOpenssl } from './key.ts'

export interface Wanted {
  /** The public half of its key, in PEM. */
  publicKey: string
  names: readonly string[]
  /** How much of its life must be left, in days. */
  daysRemaining: number
}

/** Why the certificate at the path does not do, in words; `undefined` when it does. */
export async function whyRenew(view: View, path: string, wanted: Wanted): Promise<string | undefined> {
  if ((await view.stat(path)) === undefined) return 'there is none'
  const seconds = String(Math.round(wanted.daysRemaining * 86_400))
  const words = ['-in', path, '-noout', '-pubkey', '-ext', 'subjectAltName', '-checkend', seconds] as const
  const { exitCode, stdout } = await view.query(['openssl', 'x509', ...words])
  requireOpenssl(exitCode)
  const shown = parseShown(stdout)
  if (shown.publicKey === undefined) return 'what lies there is no certificate'
  if (shown.publicKey !== wanted.publicKey) return 'it is for another key'
  if (!sameNames(shown.names, wanted.names)) return `it is for ${shown.names.join(', ') || 'no names'}`
  if (exitCode !== 0) return `it ends within ${wanted.daysRemaining} days`
  if (!(await isFrom(view, path, await view.ca()))) return "it is not from this master's CA"
  return undefined
}

/** openssl takes a CA from a file only; `cat` makes its standard input a pipe, which can be opened as one. */
const VERIFY = 'cat | openssl verify -no-CAfile -no-CApath -partial_chain -trusted /dev/stdin "$1"'

async function isFrom(view: View, path: string, ca: string): Promise<boolean> {
  return (await view.query(['sh', '-c', VERIFY, 'sh', path], { input: ca })).exitCode === 0
}

/** The output of `openssl x509 -pubkey -ext subjectAltName`. */
export function parseShown(stdout: string): { publicKey: string | undefined; names: string[] } {
  const [publicKey] = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/u.exec(stdout) ?? []
  const names = [...stdout.matchAll(/(?:DNS|IP Address):([^,\s]+)/gu)].map(([, name]) => name ?? '')
  return { publicKey, names }
}

/** openssl writes addresses of IPv6 in a long form of its own. */
function sameNames(has: readonly string[], wants: readonly string[]): boolean {
  return sortedNames(has) === sortedNames(wants)
}

function sortedNames(names: readonly string[]): string {
  return names.map(shortName).toSorted().join(' ')
}

function shortName(name: string): string {
  return name.includes(':') ? new URL(`http://[${name}]`).hostname : name.toLowerCase()
}

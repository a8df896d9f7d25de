import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'

/** The public half of a private key, in PEM; `undefined` when nothing lies there. Throws when it is no key. */
export async function publicKeyOf(view: View, path: string): Promise<string | undefined> {
  if ((await view.stat(path)) === undefined) return undefined
  const { exitCode, stdout, stderr } = await view.query(['openssl', 'pkey', '-in', path, '-pubout', '-passin', 'pass:'])
  requireOpenssl(exitCode)
  if (exitCode === 0) return stdout.trim()
  throw new UserError('bad-key', `${path} is no private key: ${lastLine(stderr)}`, {
    hint: 'Move it away: then a new one is made.',
  })
}

/** The same of a key that must be there, unless an earlier change makes it. */
export async function requirePublicKey(view: View, path: string): Promise<string> {
  const publicKey = await publicKeyOf(view, path)
  if (publicKey !== undefined) return publicKey
  view.missing({ kind: 'path', name: path })
  throw new UserError('no-key', `There is no key ${path}.`, {
    hint: 'Make it with x509.private_key_managed, and require that state here.',
  })
}

export function requireOpenssl(exitCode: number): void {
  if (exitCode !== 127) return
  throw new UserError('no-openssl', 'This machine has no openssl.', {
    hint: 'Let the state require its package: `- pkg: openssl`.',
  })
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

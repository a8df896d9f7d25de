import { UserError } from '../../core/errors.ts'
import { change, type Change } from '../../core/module/change.ts'
import type { View } from '../../core/module/view.ts'
import { hashFact } from './passwd.ts'

export interface PasswordWanted {
  name: string
  password?: string | undefined
  hash_password: boolean
  empty_password: boolean
  enforce_password: boolean
}

/**
 * The password is what it should be. It goes to programs by standard input only, since everybody sees their arguments,
 * and no hash is ever shown.
 */
export async function passwordChanges(view: View, want: PasswordWanted, isNew: boolean): Promise<Change[]> {
  if (want.empty_password) return emptyChanges(isNew ? undefined : await view.fact(hashFact(want.name)), want.name)
  const { password } = want
  if (password === undefined || (!isNew && !want.enforce_password)) return []
  if (!want.hash_password) requireHash(password)
  const has = isNew ? undefined : await view.fact(hashFact(want.name))
  if (has !== undefined && (await isPassword(view, has, password, want.hash_password))) return []
  return [
    change('password', 'changed', [{ kind: 'user', name: want.name }], async (host) => {
      const hash = want.hash_password ? await hashed(host, password) : password
      await host.run(['chpasswd', '-e'], { input: `${want.name}:${hash}\n`, check: true })
    }),
  ]
}

function emptyChanges(has: string | undefined, name: string): Change[] {
  if (has === '') return []
  return [
    change('password', 'removed', [{ kind: 'user', name }], async (host) => {
      await host.run(['passwd', '-d', name], { check: true })
    }),
  ]
}

async function isPassword(view: View, has: string, password: string, isPlain: boolean): Promise<boolean> {
  if (!isPlain) return has === password
  const { salt } = /^\$6\$(?:rounds=\d+\$)?(?<salt>[^$]+)\$/u.exec(has)?.groups ?? {}
  return salt !== undefined && (await hashed(view, password, salt)) === has
}

/** The SHA-512 hash of a password, with a new salt when none is given. */
async function hashed(view: View, password: string, salt?: string): Promise<string> {
  const words = salt === undefined ? [] : ['-salt', salt]
  const { exitCode, stdout } = await view.query(['openssl', 'passwd', '-6', ...words, '-stdin'], {
    input: `${password}\n`,
  })
  if (exitCode === 0) return stdout.trim()
  throw new UserError('no-hash', 'The password could not be hashed: this machine has no openssl.', {
    hint: 'Give the hash itself as `password`, without `hash_password`.',
  })
}

/** A plain password where a hash belongs would lock the user out. */
function requireHash(password: string): void {
  if (/^[!*]|^$|^\$\w+\$/u.test(password)) return
  throw new UserError('plain-password', 'The `password` is no hash as /etc/shadow holds it.', {
    hint: 'Give a hash, or add `hash_password: true` to have it hashed.',
  })
}

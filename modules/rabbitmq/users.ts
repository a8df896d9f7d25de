import type { DataMap } from '../../core/data.ts'
import { digestOf } from '../../core/module/digest.ts'
import type { View } from '../../core/module/view.ts'
import { definitions, isSo, rowsIn, textIn } from './rabbitmqctl.ts'

export interface User {
  readonly tags: readonly string[]
  /** Base64 of a salt of four bytes and the digest of salt and password. */
  readonly passwordHash: string
  readonly hashing: string
}

/** The users of the broker, by name. */
export async function usersOf(view: View): Promise<ReadonlyMap<string, User>> {
  const rows = rowsIn(await definitions(view), 'users')
  return new Map(
    rows.map((row) => [
      textIn(row, 'name'),
      { tags: tagsIn(row), passwordHash: textIn(row, 'password_hash'), hashing: textIn(row, 'hashing_algorithm') },
    ]),
  )
}

/** A list, or in older versions a text with commas. */
function tagsIn({ tags }: DataMap): string[] {
  if (Array.isArray(tags)) return tags.map(String)
  return typeof tags === 'string' ? tags.split(',').flatMap((tag) => tag.trim() || []) : []
}

/** Whether a user has this password. It is compared here where the way of hashing is known, else the broker is asked. */
export async function hasPassword(view: View, name: string, user: User, password: string): Promise<boolean> {
  if (user.hashing !== 'rabbit_password_hashing_sha256') {
    return isSo(view, ['authenticate_user', '--', name], `${password}\n`)
  }
  const hash = Buffer.from(user.passwordHash, 'base64')
  const salted = Buffer.concat([hash.subarray(0, SALT_BYTES), Buffer.from(password)])
  return digestOf('sha256', salted) === hash.subarray(SALT_BYTES).toString('hex')
}

const SALT_BYTES = 4

/** What a user may configure, write and read in a virtual host: three regular expressions. */
export type Permissions = readonly [configure: string, write: string, read: string]

/** The permissions of a user, by virtual host. */
export async function permissionsOf(view: View, user: string): Promise<ReadonlyMap<string, Permissions>> {
  const rows = rowsIn(await definitions(view), 'permissions').filter((row) => textIn(row, 'user') === user)
  return new Map(
    rows.map((row) => [textIn(row, 'vhost'), [textIn(row, 'configure'), textIn(row, 'write'), textIn(row, 'read')]]),
  )
}

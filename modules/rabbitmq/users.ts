import type { DataMap } from '../../core/data.ts'
import type { View } from '../../core/module/view.ts'
import { ask, textIn } from './rabbitmqctl.ts'

/** The users of the broker, by name, with their tags. */
export async function usersOf(view: View): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await ask(view, ['list_users'])
  return new Map(rows.map((row) => [textIn(row, 'user'), tagsIn(row)]))
}

function tagsIn({ tags }: DataMap): string[] {
  return Array.isArray(tags) ? tags.map(String) : []
}

/** What a user may configure, write and read in a virtual host: three regular expressions. */
export type Permissions = readonly [configure: string, write: string, read: string]

/** The permissions of a user, by virtual host. */
export async function permissionsOf(view: View, user: string): Promise<ReadonlyMap<string, Permissions>> {
  const rows = await ask(view, ['list_user_permissions', user])
  return new Map(
    rows.map((row) => [textIn(row, 'vhost'), [textIn(row, 'configure'), textIn(row, 'write'), textIn(row, 'read')]]),
  )
}

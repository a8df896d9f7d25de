import { requireGroup, requireUser } from '../../core/module/accounts.ts'
import { change, type Change } from '../../core/module/change.ts'
import type { Stat, View } from '../../core/module/view.ts'

export const ATTRIBUTE_REPORTS = {
  user: 'The owner before and after.',
  group: 'The group before and after.',
  mode: 'The permissions before and after.',
}

/** Who owns something, and what may be done with it. What is not given stays as it is. */
export interface Attributes {
  user?: string | undefined
  group?: string | undefined
  mode?: string | undefined
}

/** Throws when the owner or the group does not exist. */
export async function requireOwners(view: View, want: Attributes): Promise<void> {
  if (want.user !== undefined) await requireUser(view, want.user)
  if (want.group !== undefined) await requireGroup(view, want.group)
}

/** The changes that something which exists needs. `prefix` tells them apart when a state looks after many paths. */
export function attributeChanges(path: string, has: Stat, want: Attributes, prefix = ''): Change[] {
  const changes: Change[] = []
  const newUser = want.user !== undefined && !isOwner(want.user, has.user, has.uid) ? want.user : undefined
  const newGroup = want.group !== undefined && !isOwner(want.group, has.group, has.gid) ? want.group : undefined
  if (newUser !== undefined) {
    const shows = { old: has.user, new: newUser }
    changes.push(change(`${prefix}user`, shows, [], (host) => host.chown(path, newUser, undefined)))
  }
  if (newGroup !== undefined) {
    const shows = { old: has.group, new: newGroup }
    changes.push(change(`${prefix}group`, shows, [], (host) => host.chown(path, undefined, newGroup)))
  }
  // Last: changing the owner may clear the setuid and setgid bits.
  const newMode = want.mode
  if (newMode !== undefined && newMode !== has.mode && has.type !== 'symlink') {
    changes.push(change(`${prefix}mode`, { old: has.mode, new: newMode }, [], (host) => host.chmod(path, newMode)))
  }
  return changes
}

function isOwner(wanted: string, name: string, id: number): boolean {
  return wanted === name || wanted === String(id)
}

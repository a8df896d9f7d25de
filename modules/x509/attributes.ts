import { change, type Change } from '../../core/module/change.ts'
import type { Stat } from '../../core/module/view.ts'

export const ATTRIBUTE_REPORTS = {
  user: 'The owner before and after.',
  group: 'The group before and after.',
  mode: 'The permissions before and after.',
}

/** What must change so that a file is whose it should be. */
export function attributeChanges(
  path: string,
  has: Stat,
  want: { user?: string | undefined; group?: string | undefined; mode: string },
): Change[] {
  const changes: Change[] = []
  if (want.user !== undefined && want.user !== has.user) {
    const shows = { old: has.user, new: want.user }
    changes.push(change('user', shows, [], (host) => host.chown(path, want.user, undefined)))
  }
  if (want.group !== undefined && want.group !== has.group) {
    const shows = { old: has.group, new: want.group }
    changes.push(change('group', shows, [], (host) => host.chown(path, undefined, want.group)))
  }
  if (want.mode !== has.mode) {
    changes.push(change('mode', { old: has.mode, new: want.mode }, [], (host) => host.chmod(path, want.mode)))
  }
  return changes
}

import type { Done } from '../../core/module/change.ts'
import type { View } from '../../core/module/view.ts'
import { type Installed, managerOf } from './manager.ts'

export const ALL_INSTALLED = 'All specified packages are already installed'

/** What the installer really did, dependencies too. `host` is asked again, after the change. */
export async function installedNow(host: View, before: Installed, names: readonly string[]): Promise<Done> {
  const changes = differences(before, await managerOf(host).installed(host))
  return Object.keys(changes).length === 0
    ? { unchanged: true, comment: ALL_INSTALLED }
    : { changes, comment: `The following packages were installed/updated: ${names.join(', ')}` }
}

/** Salt's `{name: {old, new}}` for every package whose version differs. */
export function differences(before: Installed, after: Installed): Record<string, { old: string; new: string }> {
  const names = new Set([...before.versions.keys(), ...after.versions.keys()])
  return Object.fromEntries(
    [...names].sort().flatMap((name) => {
      const [old, now] = [before, after].map(({ versions }) => versions.get(name)?.join(',') ?? '')
      return old === now ? [] : [[name, { old: old ?? '', new: now ?? '' }] as const]
    }),
  )
}

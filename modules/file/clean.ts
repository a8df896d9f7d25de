import { change, type Change } from '../../core/module/change.ts'
import { isWithin } from '../../core/module/path.ts'
import type { View } from '../../core/module/view.ts'
import { matcherOf } from './pattern.ts'

/** Removes everything below a folder but the kept paths, the folders that they lie in, and what the pattern matches. */
export async function cleanChanges(
  view: View,
  folder: string,
  keep: readonly string[],
  excluded: string | undefined,
): Promise<Change[]> {
  const isExcluded = excluded === undefined ? () => false : matcherOf(excluded)
  const changes: Change[] = []
  const visit = async (inside: string): Promise<void> => {
    for (const name of await view.list(inside)) {
      const at = `${inside}/${name}`
      if (keep.includes(at) || isExcluded(at.slice(folder.length + 1))) continue
      const holdsKept = keep.some((kept) => isWithin(at, kept))
      const isFolder = (await view.stat(at))?.type === 'directory'
      if (isFolder && (holdsKept || excluded !== undefined)) await visit(at)
      else changes.push(removal(folder, at))
    }
  }
  await visit(folder)
  return changes
}

function removal(folder: string, at: string): Change {
  return change(at, { removed: 'Removed due to clean' }, [], async (host) => {
    await host.remove(at)
    return { comment: `Files cleaned from directory ${folder}` }
  })
}

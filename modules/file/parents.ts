import { UserError } from '../../core/errors.ts'
import { change, type Change } from '../../core/module/change.ts'
import { followLinks, parentOf } from '../../core/module/path.ts'
import type { View } from '../../core/module/view.ts'
import type { Attributes } from './attributes.ts'

export const PARENT_REPORTS = { '<folder>': 'A folder above it that was made.' }

/**
 * The folders above a path that have to be made, from the top down; none when they are there. Throws when they are
 * missing and may not be made, unless an earlier change makes them.
 */
export async function parentChanges(view: View, path: string, makedirs: boolean, want: Attributes): Promise<Change[]> {
  const missing = await missingFolders(view, parentOf(path))
  const [nearest] = missing.slice(-1)
  if (nearest === undefined) return []
  if (!makedirs) {
    view.missing({ kind: 'path', name: nearest })
    throw new UserError('no-parent-folder', `Parent directory ${nearest} is not present.`, {
      hint: 'Add `makedirs: true`, or make it with file.directory.',
    })
  }
  return missing.map((folder) => newFolder(folder, want))
}

/** Makes one folder whose parent exists. */
export function newFolder(folder: string, want: Attributes): Change {
  return change(folder, { directory: 'new' }, [{ kind: 'path', name: folder }], async (host) => {
    await host.mkdir(folder, { mode: want.mode })
    if (want.user !== undefined || want.group !== undefined) await host.chown(folder, want.user, want.group)
  })
}

/** From the top down: a folder and those above it that do not exist. */
export async function missingFolders(view: View, folder: string): Promise<string[]> {
  const missing: string[] = []
  for (let current = folder; ; current = parentOf(current)) {
    const { stat } = await followLinks(view, current)
    if (stat?.type === 'directory') return missing
    if (stat !== undefined) {
      throw new UserError('not-a-folder', `${current} is a ${stat.type}, so nothing can lie below it.`)
    }
    if (current === '/') return missing
    missing.unshift(current)
  }
}

/** The mode of a folder that files of this mode lie in: who may read may also enter. */
export function folderMode(fileMode: string | undefined): string | undefined {
  if (fileMode === undefined) return undefined
  return `0${fileMode.slice(-3).replaceAll(/[4-7]/gu, entered)}`
}

function entered(digit: string): string {
  return String(Number(digit) | 1)
}

import { UserError } from '../../core/errors.ts'
import type { Change } from '../../core/module/change.ts'
import type { View } from '../../core/module/view.ts'
import { suggest } from '../../core/text/nearest.ts'
import { attributeChanges, type Attributes } from './attributes.ts'

const CHOICES = ['user', 'group', 'mode', 'ignore_files', 'ignore_dirs', 'silent']

interface Recursed {
  recurse: readonly string[]
  max_depth?: number | undefined
  user?: string | undefined
  group?: string | undefined
  mode?: string | undefined
  dir_mode?: string | undefined
  file_mode?: string | undefined
}

/** What everything below a folder needs to have its owner and the modes for folders and files. */
export async function recursedChanges(view: View, folder: string, want: Recursed): Promise<Change[]> {
  requireKnown(want.recurse)
  const owner: Attributes = {
    user: want.recurse.includes('user') ? want.user : undefined,
    group: want.recurse.includes('group') ? want.group : undefined,
  }
  const modes = want.recurse.includes('mode')
  const forFolders = { ...owner, mode: modes ? (want.dir_mode ?? want.mode) : undefined }
  const forFiles = { ...owner, mode: modes ? want.file_mode : undefined }

  const changes: Change[] = []
  const visit = async (inside: string, depth: number): Promise<void> => {
    for (const name of await view.list(inside)) {
      const at = `${inside === '/' ? '' : inside}/${name}`
      const has = await view.stat(at)
      if (has === undefined) continue
      const isFolder = has.type === 'directory'
      const ignored = want.recurse.includes(isFolder ? 'ignore_dirs' : 'ignore_files')
      if (!ignored) changes.push(...attributeChanges(at, has, isFolder ? forFolders : forFiles, `${at} `))
      if (isFolder && depth < (want.max_depth ?? Number.POSITIVE_INFINITY)) await visit(at, depth + 1)
    }
  }
  await visit(folder, 1)
  return changes
}

function requireKnown(recurse: readonly string[]): void {
  const unknown = recurse.find((word) => !CHOICES.includes(word))
  if (unknown === undefined) return
  throw new UserError('bad-recurse', `recurse: '${unknown}' is not something that can be recursed.`, {
    hint: suggest(unknown, CHOICES),
  })
}

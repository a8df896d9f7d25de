import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { FileRef } from '../../core/compile/low.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import { UserError } from '../../core/errors.ts'
import type { Files } from '../host/fetch.ts'

interface Entry {
  /** Where it lies on this machine. */
  file: string
  /** Changes when the file does. */
  stamp: string
}

/** Folders of this machine as a snapshot, and as the one who gives out their files by digest. */
export interface FolderSnapshot extends Snapshot {
  readonly files: Files
}

/**
 * The files of some folders, later ones over earlier ones. A folder that has `states/` in it is a whole source, with
 * roles and all; any other is a tree of state files, as Salt has it. Content is read when it is asked for.
 */
export function folderSnapshot(folders: readonly string[]): FolderSnapshot {
  const entries = new Map<string, Entry>()
  for (const folder of folders) {
    requireFolder(folder)
    const prefix = isFolder(join(folder, 'states')) ? '' : 'states/'
    for (const [path, entry] of filesBelow(folder)) entries.set(`${prefix}${path}`, entry)
  }
  const paths = [...entries.keys()].sort()
  const contents = new Map<string, Uint8Array>()
  const refs = new Map<string, FileRef>()
  const byDigest = new Map<string, string>()
  const bytes = (path: string): Uint8Array | undefined => {
    const entry = entries.get(path)
    if (entry === undefined) return undefined
    const content = contents.get(path) ?? readFileSync(entry.file)
    contents.set(path, content)
    return content
  }
  return {
    id: `folders-${digestOf(paths.map((path) => `${path} ${entries.get(path)?.stamp}`).join('\n')).slice(0, 12)}`,
    paths,
    bytes,
    text: (path) => {
      const content = bytes(path)
      return content === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
    },
    ref: (path) => {
      const content = bytes(path)
      if (content === undefined) return undefined
      const ref = refs.get(path) ?? { digest: digestOf(content), size: content.length }
      refs.set(path, ref)
      byDigest.set(ref.digest, path)
      return ref
    },
    shown: (path) => shownPath(entries.get(path)?.file ?? path),
    files: {
      fetch: (digest) => {
        const content = bytes(byDigest.get(digest) ?? '')
        return content === undefined
          ? Promise.reject(new Error(`No file of the folders has the digest ${digest}.`))
          : Promise.resolve(content)
      },
    },
  }
}

function requireFolder(folder: string): void {
  if (isFolder(folder)) return
  throw new UserError('no-file-root', `${folder} is no folder.`, {
    hint: 'Give --file-root a folder of state files, or one that has states/ in it.',
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Links are followed; a folder that is reached again through itself is not entered twice. */
function* filesBelow(folder: string, inside = '', above: readonly string[] = []): Generator<[string, Entry]> {
  const real = realpathSync(folder)
  if (above.includes(real)) return
  for (const name of readdirSync(folder).sort()) {
    if (name === '.git') continue
    const file = join(folder, name)
    const found = statSync(file, { throwIfNoEntry: false })
    if (found?.isDirectory()) yield* filesBelow(file, `${inside}${name}/`, [...above, real])
    else if (found?.isFile()) yield [`${inside}${name}`, { file, stamp: `${found.mtimeMs} ${found.size} ${found.ino}` }]
  }
}

function shownPath(file: string): string {
  const near = relative(process.cwd(), file)
  return near.startsWith('..') ? file : near
}

function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}

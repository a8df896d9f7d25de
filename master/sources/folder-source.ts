import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileRef } from '../../core/compile/low.ts'
import { UserError, type ErrorData } from '../../core/errors.ts'
import type { ContentStore } from './content.ts'
import { Allowance } from './limits.ts'
import { PARTS } from './settings.ts'
import { leftOut, type Source, type Tree } from './tree.ts'

interface Found {
  files: [path: string, ref: FileRef][]
  warnings: ErrorData[]
}

/** A plain folder, taken as it lies there. Its commit is a digest of its content. */
export class FolderSource implements Source {
  readonly name: string
  readonly from: string
  readonly branch = null
  readonly #content: ContentStore
  /** The trees that `fetch` has read: a folder can't be asked for what it was before. */
  #newest: { commit: string; tree: Tree } | undefined

  constructor(name: string, folder: string, content: ContentStore) {
    this.name = name
    this.from = folder
    this.#content = content
  }

  async fetch(): Promise<string> {
    const found: Found = { files: [], warnings: [] }
    const allowance = new Allowance(this.name)
    await this.#mustExist()
    for (const part of PARTS) await this.#walk(part, found, allowance)
    found.files.sort(([a], [b]) => (a < b ? -1 : 1))
    const commit = createHash('sha256').update(JSON.stringify(found.files)).digest('hex').slice(0, 40)
    this.#newest = { commit, tree: { files: new Map(found.files), warnings: found.warnings } }
    return commit
  }

  async read(commit: string): Promise<Tree> {
    if (this.#newest?.commit !== commit) throw new Error(`The folder ${this.from} is no longer at ${commit}.`)
    return this.#newest.tree
  }

  async #mustExist(): Promise<void> {
    const found = await stat(this.from).catch(() => undefined)
    if (found?.isDirectory()) return
    const message = `The source '${this.name}' can't be read: there is no folder ${this.from}.`
    throw new UserError('source-unreachable', message, { hint: 'Look at `sources` in master.yaml.' })
  }

  async #walk(folder: string, found: Found, allowance: Allowance): Promise<void> {
    for (const entry of await entriesOf(join(this.from, folder))) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) await this.#walk(path, found, allowance)
      else if (entry.isFile()) {
        allowance.add(path, (await stat(join(this.from, path))).size)
        found.files.push([path, this.#content.put(await readFile(join(this.from, path)))])
      } else
        found.warnings.push(
          leftOut(this.name, path, entry.isSymbolicLink() ? 'it is a symbolic link' : 'it is no file'),
        )
    }
  }
}

/** What is no folder has no entries: a source need not have every part. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return []
    throw new UserError('source-unreadable', `The folder ${folder} can't be read: ${thrown.code}.`, { cause: thrown })
  })
}

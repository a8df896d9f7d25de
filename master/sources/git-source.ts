import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { FileRef } from '../../core/compile/low.ts'
import type { ContentStore } from './content.ts'
import { git, withoutPassword } from './git.ts'
import { Allowance } from './limits.ts'
import { PARTS } from './settings.ts'
import { leftOut, type Source, type Tree } from './tree.ts'

export interface GitSourceOptions {
  name: string
  address: string
  branch?: string | undefined
  /** Where its own bare clone lies; it can be removed at any time. */
  folder: string
  content: ContentStore
  timeoutMs: number
}

interface Entry {
  path: string
  mode: string
  type: string
  object: string
  size: number
}

/** A git repository, read commit by commit from a bare clone: nothing is ever checked out, no hook is ever run. */
export class GitSource implements Source {
  readonly name: string
  readonly from: string
  readonly branch: string | null
  readonly #options: GitSourceOptions
  readonly #clone: string
  readonly #config: string
  /** Git's objects whose content is stored already. */
  readonly #stored = new Map<string, FileRef>()

  constructor(options: GitSourceOptions) {
    this.name = options.name
    this.from = withoutPassword(options.address)
    this.branch = options.branch ?? null
    this.#options = options
    // Another address is another repository: nothing of the old one may be taken for its.
    const key = createHash('sha256').update(options.address).digest('hex').slice(0, 12)
    this.#clone = join(options.folder, `${options.name}-${key}.git`)
    this.#config = join(options.folder, `${options.name}-${key}.config`)
  }

  async fetch(): Promise<string> {
    await this.#makeClone()
    const wanted = this.branch === null ? 'HEAD' : `refs/heads/${this.branch}`
    const spec = `+${wanted}:refs/butler/newest`
    const words = ['fetch', '--quiet', '--no-tags', '--depth=1', '--end-of-options', this.#options.address, spec]
    try {
      await this.#git(words)
    } catch (thrown) {
      throw this.#explained(thrown)
    }
    return (await this.#git(['rev-parse', '--verify', '--end-of-options', 'refs/butler/newest^{commit}']))
      .toString()
      .trim()
  }

  async read(commit: string): Promise<Tree> {
    const listing = await this.#git(['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', commit, ...PARTS])
    const entries = parseListing(listing.toString())
    const plain = entries.filter((entry) => entry.type === 'blob' && entry.mode !== '120000')
    const allowance = new Allowance(this.name)
    for (const { path, size } of plain) allowance.add(path, size)
    await this.#store(plain)
    const files = plain.map((entry) => [entry.path, this.#refOf(entry)] as const)
    const odd = entries.filter((entry) => !plain.includes(entry))
    return { files: new Map(files), warnings: odd.map((entry) => leftOut(this.name, entry.path, kindOf(entry))) }
  }

  async #makeClone(): Promise<void> {
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 })
    writeFileSync(this.#config, configuration(this.#options.address), { mode: 0o600 })
    if (existsSync(join(this.#clone, 'HEAD'))) return
    rmSync(this.#clone, { recursive: true, force: true })
    await git(['init', '--quiet', '--bare', '--template=', '--end-of-options', this.#clone], {
      config: this.#config,
      timeoutMs: this.#options.timeoutMs,
    })
  }

  /** Puts the contents of objects that were never read before into the store, in one go. */
  async #store(entries: readonly Entry[]): Promise<void> {
    const fresh = [...new Set(entries.map((entry) => entry.object))].filter((object) => !this.#isStored(object))
    if (fresh.length === 0) return
    const output = await this.#git(['cat-file', '--batch'], fresh.map((object) => `${object}\n`).join(''))
    for (const [object, bytes] of parseBatch(output)) this.#stored.set(object, this.#options.content.put(bytes))
  }

  #isStored(object: string): boolean {
    const ref = this.#stored.get(object)
    return ref !== undefined && this.#options.content.has(ref.digest)
  }

  #refOf(entry: Entry): FileRef {
    const ref = this.#stored.get(entry.object)
    if (ref === undefined) throw new Error(`git did not print the object ${entry.object} of ${entry.path}.`)
    return ref
  }

  async #git(words: readonly string[], input?: string): Promise<Buffer> {
    const { timeoutMs } = this.#options
    return git(words, { repository: this.#clone, config: this.#config, input: input ?? '', timeoutMs })
  }

  #explained(thrown: unknown): unknown {
    if (!(thrown instanceof UserError) || thrown.code === 'no-git') return thrown
    const what = this.branch === null ? '' : `, branch '${this.branch}'`
    return new UserError('source-unreachable', `The source '${this.name}' (${this.from}${what}) can't be fetched.`, {
      hint: `git says: ${thrown.message}`,
      cause: thrown,
    })
  }
}

/**
 * The user's own configuration still counts (credentials, proxies). A repository on this machine may belong to another
 * user: naming it in master.yaml is what makes it trusted.
 */
function configuration(address: string): string {
  const path = address.replace(/^file:\/\//u, '')
  const local = isAbsolute(path) ? [path, join(path, '.git')] : []
  const trusted = local.map((folder) => `\tdirectory = ${JSON.stringify(folder)}\n`).join('')
  return `[include]\n\tpath = ~/.gitconfig\n[safe]\n${trusted}[gc]\n\tautoDetach = false\n`
}

/** `<mode> <type> <object> <size>\t<path>\0`, as `ls-tree -r -z -l` prints it. */
function parseListing(text: string): Entry[] {
  return text.split('\0').flatMap((line) => {
    const match = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.+)$/su.exec(line)
    if (match === null) return []
    const [, mode = '', type = '', object = '', size = '', path = ''] = match
    return [{ mode, type, object, size: size === '-' ? 0 : Number(size), path }]
  })
}

/** `<object> <type> <size>\n<content>\n`, one after the other, as `cat-file --batch` prints it. */
function* parseBatch(output: Buffer): Generator<[object: string, content: Uint8Array]> {
  let position = 0
  while (position < output.length) {
    const lineEnd = output.indexOf('\n', position)
    const [object = '', , size = ''] = output.subarray(position, lineEnd).toString().split(' ')
    const start = lineEnd + 1
    const end = start + Number(size)
    // A copy: a slice would keep the whole output in memory as long as one small file of it.
    yield [object, Uint8Array.from(output.subarray(start, end))]
    position = end + 1
  }
}

function kindOf(entry: Entry): string {
  return entry.type === 'commit' ? 'it is a submodule' : 'it is a symbolic link'
}

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, readdirSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { ContentStore } from './content.ts'
import { Overlay, type Layer } from './overlay.ts'
import type { Tree } from './tree.ts'

const fileSchema = z.object({
  snapshots: z.array(z.object({ layers: z.array(z.object({ name: z.string(), commit: z.string() })) })),
})

const treeSchema = z.object({
  files: z.array(z.tuple([z.string(), z.object({ digest: z.string(), size: z.number() })])),
})

export interface RememberedOptions {
  /** `<data>/sources.json`: which commits were good, newest first. Must survive. */
  file: string
  /** A folder in the cache: what the files of these commits are. */
  trees: string
  content: ContentStore
}

/** The good snapshots on disk, so that a restarted master has them without any network. */
export class Remembered {
  readonly #options: RememberedOptions

  constructor(options: RememberedOptions) {
    this.#options = options
    mkdirSync(options.trees, { recursive: true, mode: 0o700 })
  }

  /** Newest first; those whose files are no longer in the cache are left out. */
  load(): Overlay[] {
    if (!existsSync(this.#options.file)) return []
    const parsed = fileSchema.safeParse(readJson(this.#options.file))
    if (!parsed.success) return []
    return parsed.data.snapshots.flatMap(({ layers }) => {
      const whole = layers.map(({ name, commit }) => ({ name, commit, tree: this.#tree(name, commit) }))
      return whole.every(isWhole) ? [new Overlay(whole, this.#options.content)] : []
    })
  }

  /** Writes down these snapshots, and forgets the files of all others. */
  save(snapshots: readonly Overlay[]): void {
    const layers = snapshots.flatMap((snapshot) => snapshot.layers)
    for (const layer of layers) this.#saveTree(layer)
    const brief = snapshots.map((snapshot) => ({
      layers: snapshot.layers.map(({ name, commit }) => ({ name, commit })),
    }))
    writeWhole(this.#options.file, `${JSON.stringify({ snapshots: brief }, null, 2)}\n`)
    this.#forget(new Set(layers.map(({ name, commit }) => treeName(name, commit))))
    this.#options.content.keep(new Set(snapshots.flatMap((snapshot) => snapshot.digests())))
  }

  #tree(name: string, commit: string): Tree | undefined {
    const path = join(this.#options.trees, treeName(name, commit))
    const parsed = treeSchema.safeParse(existsSync(path) ? readJson(path) : undefined)
    if (!parsed.success) return undefined
    const files = new Map(parsed.data.files)
    const isHere = [...files.values()].every(({ digest }) => this.#options.content.has(digest))
    return isHere ? { files, warnings: [] } : undefined
  }

  #saveTree({ name, commit, tree }: Layer): void {
    const path = join(this.#options.trees, treeName(name, commit))
    if (!existsSync(path)) writeWhole(path, JSON.stringify({ files: [...tree.files] }))
  }

  #forget(kept: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#options.trees)) {
      if (!kept.has(name)) rmSync(join(this.#options.trees, name), { force: true })
    }
  }
}

function isWhole(layer: { name: string; commit: string; tree: Tree | undefined }): layer is Layer {
  return layer.tree !== undefined
}

function treeName(name: string, commit: string): string {
  return `${createHash('sha256').update(`${name}\n${commit}`).digest('hex')}.json`
}

/** `undefined` for what is no JSON: a file that was damaged is as good as one that is not there. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const half = `${path}.new`
  writeFileSync(half, text, { mode: 0o600, flush: true })
  renameSync(half, path)
}

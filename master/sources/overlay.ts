import { createHash } from 'node:crypto'
import type { FileRef } from '../../core/compile/low.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { ContentStore } from './content.ts'
import type { Tree } from './tree.ts'

/** One source at one commit. */
export interface Layer {
  name: string
  commit: string
  tree: Tree
}

/** Names the exact commits of all sources, in their order. */
export function snapshotId(commits: readonly { name: string; commit: string }[]): string {
  const text = JSON.stringify(commits.map(({ name, commit }) => [name, commit]))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** A snapshot over the layers: where two have the same path, the later one's file is the file. */
export class Overlay implements Snapshot {
  readonly id: string
  readonly paths: readonly string[]
  readonly layers: readonly Layer[]
  readonly #files: ReadonlyMap<string, { ref: FileRef; layer: string }>
  readonly #content: ContentStore
  readonly #texts = new Map<string, string>()

  constructor(layers: readonly Layer[], content: ContentStore) {
    this.id = snapshotId(layers)
    this.layers = layers
    this.#files = new Map(
      layers.flatMap(({ name, tree }) => [...tree.files].map(([path, ref]) => [path, { ref, layer: name }] as const)),
    )
    this.paths = [...this.#files.keys()].toSorted()
    this.#content = content
  }

  text(path: string): string | undefined {
    const known = this.#texts.get(path)
    if (known !== undefined) return known
    const bytes = this.bytes(path)
    if (bytes === undefined) return undefined
    const text = new TextDecoder().decode(bytes)
    this.#texts.set(path, text)
    return text
  }

  bytes(path: string): Uint8Array | undefined {
    const file = this.#files.get(path)
    if (file === undefined) return undefined
    const bytes = this.#content.get(file.ref.digest)
    if (bytes === undefined) throw new Error(`The content of ${this.shown(path)} is gone from the cache.`)
    return bytes
  }

  ref(path: string): FileRef | undefined {
    return this.#files.get(path)?.ref
  }

  shown(path: string): string {
    const file = this.#files.get(path)
    return file === undefined ? path : `${file.layer}/${path}`
  }

  /** The digests of all its files, those below an overlay's too. */
  digests(): readonly string[] {
    return this.layers.flatMap(({ tree }) => [...tree.files.values()].map(({ digest }) => digest))
  }
}

import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileRef } from '../../core/compile/low.ts'

/** In bytes: what is no larger is kept in memory too, since compiling reads it over and over. */
const SMALL = 256 * 1024

/**
 * File contents by their SHA-256, one file each. What is the same in two commits is kept once. Reading is synchronous,
 * since compiling is.
 */
export class ContentStore {
  readonly #folder: string
  readonly #small = new Map<string, Uint8Array>()
  readonly #known: Set<string>

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#known = new Set(readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/u.test(name)))
  }

  put(bytes: Uint8Array): FileRef {
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (!this.#known.has(digest)) this.#write(digest, bytes)
    if (bytes.length <= SMALL) this.#small.set(digest, bytes)
    return { digest, size: bytes.length }
  }

  has(digest: string): boolean {
    return this.#known.has(digest)
  }

  /** `undefined` for what was never put, or is gone from the folder or damaged in it. */
  get(digest: string): Uint8Array | undefined {
    const small = this.#small.get(digest)
    if (small !== undefined) return small
    const bytes = this.#known.has(digest) ? this.#read(digest) : undefined
    if (bytes === undefined) this.#known.delete(digest)
    else if (bytes.length <= SMALL) this.#small.set(digest, bytes)
    return bytes
  }

  /** Forgets everything but these. */
  keep(digests: ReadonlySet<string>): void {
    for (const digest of this.#known) {
      if (digests.has(digest)) continue
      this.#known.delete(digest)
      this.#small.delete(digest)
      rmSync(join(this.#folder, digest), { force: true })
    }
  }

  #write(digest: string, bytes: Uint8Array): void {
    const half = join(this.#folder, `.${randomUUID()}`)
    writeFileSync(half, bytes, { mode: 0o600 })
    renameSync(half, join(this.#folder, digest))
    this.#known.add(digest)
  }

  #read(digest: string): Uint8Array | undefined {
    try {
      const bytes = readFileSync(join(this.#folder, digest))
      return createHash('sha256').update(bytes).digest('hex') === digest ? bytes : undefined
    } catch {
      return undefined
    }
  }
}

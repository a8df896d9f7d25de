import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Layout } from '../../../core/cli/layout.ts'
import type { Made, Remembered } from '../../../core/desired/create.ts'
import { releaseOf } from '../../../core/release/release.ts'

/** How many low states are kept; the oldest is removed. */
const MOST = 64

/**
 * What calls without a master compiled lately, a file each, so that the next call finds it. It is only a memory: what
 * can't be read, was made by another version or belongs to somebody else is not there, and what can't be written is
 * compiled again the next time.
 */
export class RememberedOnDisk implements Remembered {
  readonly #folder: string
  readonly #version: string

  /** @param folder below the cache folder; made when first written to */
  constructor(folder: string, version: string) {
    this.#folder = folder
    this.#version = version
  }

  get(key: string): Made | undefined {
    return quietly(() => {
      const file = openSync(this.#pathOf(key), 'r')
      try {
        if (fstatSync(file).uid !== process.geteuid?.()) return undefined
        // This version wrote it below, for itself; a file that was cut off is no JSON.
        return JSON.parse(readFileSync(file, 'utf8')) as Made
      } finally {
        closeSync(file)
      }
    })
  }

  set(key: string, made: Made): void {
    quietly(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      const path = this.#pathOf(key)
      rmSync(path, { force: true })
      writeFileSync(path, JSON.stringify(made), { flag: 'wx', mode: 0o600 })
      this.#forget()
    })
  }

  #pathOf(key: string): string {
    const digest = createHash('sha256').update(`${this.#version}\n${key}`).digest('hex')
    return join(this.#folder, `${digest.slice(0, 32)}.json`)
  }

  #forget(): void {
    const files = readdirSync(this.#folder).map((name) => join(this.#folder, name))
    const byAge = files
      .map((file) => ({ file, at: statSync(file).mtimeMs }))
      .toSorted((one, other) => other.at - one.at)
    for (const { file } of byAge.slice(MOST)) rmSync(file, { force: true })
  }
}

/**
 * The memory of the release that runs, in its cache folder. From source there is none: there the program itself may be
 * another at the next call.
 */
export function rememberedBy(program: string | undefined, { cache }: Layout): Remembered | undefined {
  const release = releaseOf(program)
  if (release === undefined || program === undefined) return undefined
  const { mtimeMs, size } = statSync(program)
  return new RememberedOnDisk(join(cache, 'compiled'), `${release.version} ${mtimeMs} ${size}`)
}

/** The file system may refuse, or another call may have been faster: neither matters to a memory. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

import { UserError } from '../../core/errors.ts'

/** What one source may hold. They are there for accidents (a data set that was committed), not for design. */
export const LIMITS = {
  files: 20_000,
  /** In bytes. */
  file: 64 * 1024 * 1024,
  total: 512 * 1024 * 1024,
  /** In characters. */
  path: 512,
} as const

/** Counts what a source holds. Throws the `UserError` `source-too-large` at the first thing that is too much. */
export class Allowance {
  readonly #source: string
  #files = 0
  #total = 0

  constructor(source: string) {
    this.#source = source
  }

  add(path: string, size: number): void {
    this.#files++
    this.#total += size
    if (path.length > LIMITS.path) this.#refuse(path, `has a path of more than ${LIMITS.path} characters`)
    if (size > LIMITS.file) this.#refuse(path, `is larger than ${inMiB(LIMITS.file)}`)
    if (this.#files > LIMITS.files) this.#refuse(path, `is one of more than ${LIMITS.files} files`)
    if (this.#total > LIMITS.total) this.#refuse(path, `makes the source larger than ${inMiB(LIMITS.total)}`)
  }

  #refuse(path: string, why: string): never {
    throw new UserError('source-too-large', `'${path.slice(0, LIMITS.path)}' ${why}.`, {
      hint: 'Serve large files elsewhere, and name them by URL in the state.',
      at: { file: `${this.#source}/${path.slice(0, LIMITS.path)}` },
    })
  }
}

function inMiB(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { errnoOf } from '../../model/errno.ts'
import type { Run } from '../../model/records.ts'

/**
 * What the tasks of one attempt of a run show to be heard. Made from a key of the tracker's own, so that nothing must be
 * kept for each run, and one run's token says nothing for another.
 */
export class Tokens {
  readonly #key: Buffer

  private constructor(key: Buffer) {
    this.#key = key
  }

  /** Makes the key when there is none. */
  static async open(file: string): Promise<Tokens> {
    try {
      return new Tokens(await readFile(file))
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error
    }
    const draft = `${file}.new`
    await writeFile(draft, randomBytes(32), { mode: 0o600 })
    await rename(draft, file)
    return new Tokens(await readFile(file))
  }

  of({ id, attempt }: Pick<Run, 'id' | 'attempt'>): string {
    return createHmac('sha256', this.#key).update(`run ${id} attempt ${attempt}`).digest('base64url')
  }

  isFor(token: string, run: Pick<Run, 'id' | 'attempt'>): boolean {
    const [given, right] = [Buffer.from(token), Buffer.from(this.of(run))]
    return given.length === right.length && timingSafeEqual(given, right)
  }
}

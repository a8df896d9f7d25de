import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { readIdentity } from '../identity/identity.ts'
import { getBytes } from '../link/https.ts'
import { writeWhole } from '../spool/durable.ts'
import type { Home } from './order.ts'

/** How much of a file may be kept in the cache, in bytes; larger ones are fetched each time. */
const CACHED_BYTES = 64 * 1024 * 1024

/** Content by digest from the master, over this minion's own certificate. What came is checked, and kept. */
export function masterFiles(home: Home): { fetch(digest: string): Promise<Uint8Array> } {
  const folder = join(home.layout.cache, 'files')
  return {
    fetch: async (digest) => {
      if (!/^[0-9a-f]{64}$/u.test(digest)) throw new Error(`'${digest}' is no SHA-256`)
      const kept = readKept(join(folder, digest), digest)
      if (kept !== undefined) return kept
      if (home.master === undefined) throw new UserError('no-master', 'The file is on the master, and there is none.')
      const content = await getBytes(home.master, `/files/${digest}`, readIdentity(home.layout))
      if (sha256(content) !== digest) {
        throw new UserError('bad-digest', `The master sent another file than the one with the SHA-256 ${digest}.`)
      }
      if (content.length <= CACHED_BYTES) keep(folder, digest, content)
      return content
    },
  }
}

/** A kept file is believed only as far as its digest. */
function readKept(file: string, digest: string): Uint8Array | undefined {
  try {
    const content = readFileSync(file)
    return sha256(content) === digest ? content : undefined
  } catch {
    return undefined
  }
}

function keep(folder: string, digest: string, content: Uint8Array): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeWhole(join(folder, digest), content)
  } catch {
    // A full disk: the run itself will say so if it needs the space.
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

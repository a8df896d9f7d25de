import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FileRef } from '../../core/compile/low.ts'
import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import { systemFailure } from './failure.ts'

/** Where the files of a low state come from: the master, or folders of this machine. */
export interface Files {
  /** The content with this SHA-256, in hex. */
  fetch(digest: string): Promise<Uint8Array>
}

export interface Fetching {
  fetch(source: string): Promise<Uint8Array>
  tree(source: string): Promise<readonly { path: string; source: string }[]>
}

const HTTP_LIMIT = 1024 ** 3
const HTTP_TIMEOUT_MS = 10 * 60_000
/** Content that is remembered within a run, since many states may use one file; larger files are fetched anew. */
const REMEMBERED_BYTES = 1024 * 1024

/** `refs` says what each `butler://` source is: the `files` of a low state. */
export function createFetching(refs: Readonly<Record<string, FileRef>>, files: Files): Fetching {
  const remembered = new Map<string, Uint8Array>()
  const byDigest = async (source: string, digest: string): Promise<Uint8Array> => {
    const known = remembered.get(digest)
    if (known !== undefined) return known
    const content = await files.fetch(digest)
    const found = createHash('sha256').update(content).digest('hex')
    if (found !== digest) {
      throw new UserError('bad-digest', `What came for ${source} is not what was asked for.`, {
        hint: `SHA-256 should be ${digest} and is ${found}.`,
      })
    }
    if (content.length <= REMEMBERED_BYTES) remembered.set(digest, content)
    return content
  }
  return {
    fetch: async (source) => {
      if (source.startsWith('/')) return readLocal(source)
      if (source.startsWith('file://')) return readLocal(fileURLToPath(source))
      if (/^https?:\/\//u.test(source)) return download(source)
      const ref = refs[source] ?? refs[canonical(source)]
      if (ref === undefined) throw unknownSource(source, Object.keys(refs))
      return byDigest(source, ref.digest)
    },
    tree: (source) => {
      const folder = `${canonical(source).replace(/\/+$/u, '')}/`
      const inside = Object.keys(refs).filter((name) => canonical(name).startsWith(folder))
      const found = inside.map((name) => ({ path: canonical(name).slice(folder.length), source: name }))
      return Promise.resolve(found.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    },
  }
}

function canonical(source: string): string {
  return source.replace(/^salt:\/\//u, 'butler://')
}

function unknownSource(source: string, known: readonly string[]): UserError {
  return new UserError('unknown-source', `There is no file ${source}.`, {
    hint: suggest(source, known) ?? 'It is looked for in the folder `states` of the sources.',
  })
}

function readLocal(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (thrown) {
    throw systemFailure(thrown, `read the source ${path}`)
  }
}

async function download(url: string): Promise<Uint8Array> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(HTTP_TIMEOUT_MS) })
    if (!answer.ok) throw new UserError('download-failed', `${url} answers ${answer.status} ${answer.statusText}.`)
    return await limited(url, answer)
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown
    throw new UserError('download-failed', `${url} can't be downloaded: ${reasonOf(thrown)}.`, { cause: thrown })
  }
}

async function limited(url: string, answer: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of answer.body ?? []) {
    size += piece.length
    if (size > HTTP_LIMIT) throw new UserError('download-too-large', `${url} is larger than ${HTTP_LIMIT} bytes.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message
}

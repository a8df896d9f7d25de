import { UserError } from '../errors.ts'
import { DIGESTS, digestOf, digestOfLength, type DigestName } from './digest.ts'
import { nameOf } from './path.ts'
import type { View } from './view.ts'

/** The digest that a source must have. */
export interface Expected {
  readonly name: DigestName
  /** In lower-case hex. */
  readonly hex: string
  fits(content: Uint8Array): boolean
}

interface Given {
  source_hash?: string | undefined
  source_hash_name?: string | undefined
  skip_verify: boolean
}

/**
 * What `source_hash` says: `sha256=<hex>`, bare hex, or where a file of digests lies (its line for the source's name,
 * or for `source_hash_name`, counts).
 */
export async function sourceDigest(view: View, source: string, given: Given): Promise<Expected | undefined> {
  const hash = given.source_hash?.trim()
  if (given.skip_verify || hash === undefined || hash === '') return undefined
  const direct = parseDigest(hash)
  if (direct !== undefined) return direct
  if (!/^(?:[a-z]+:\/\/|\/)/u.test(hash)) throw badHash(hash)
  const text = new TextDecoder().decode(await view.fetch(hash))
  const found = digestFor(text, given.source_hash_name ?? nameOf(source))
  if (found === undefined) throw new UserError('no-source-hash', `${hash} has no digest for ${nameOf(source)}.`)
  return found
}

/** `sha256=<hex>`, `sha256:<hex>` or bare hex of a known length. */
export function parseDigest(text: string): Expected | undefined {
  const { name, hex } = /^(?:(?<name>[a-z0-9]+)[=:])?(?<hex>[0-9a-f]+)$/iu.exec(text)?.groups ?? {}
  if (hex === undefined) return undefined
  const known = digestOfLength(hex.length)
  if (known === undefined || (name !== undefined && name.toLowerCase() !== known)) return undefined
  return expected(known, hex.toLowerCase())
}

/** A line of `sha256sum` or of `SHA256 (name) = hex` for the name; a file that holds one digest alone is for all. */
export function digestFor(text: string, name: string): Expected | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  for (const line of lines.filter((line) => mentions(line, name))) {
    const hex = line.split(/[\s=]+/u).find((word) => parseDigest(word) !== undefined)
    if (hex !== undefined) return parseDigest(hex)
  }
  const [only, ...others] = lines.filter((line) => line !== '')
  return only !== undefined && others.length === 0 ? parseDigest(only) : undefined
}

/** Throws when the content is not what it must be. */
export function requireDigest(source: string, content: Uint8Array, wanted: Expected): void {
  const hex = digestOf(wanted.name, content)
  if (hex === wanted.hex) return
  const message = `${source} has ${wanted.name} ${hex}, which is not the ${wanted.hex} of source_hash.`
  throw new UserError('wrong-source-hash', message, {
    hint: 'Make sure that the source is what it should be, then correct source_hash.',
  })
}

function expected(name: DigestName, hex: string): Expected {
  return { name, hex, fits: (content) => digestOf(name, content) === hex }
}

function mentions(line: string, name: string): boolean {
  return line.split(/[\s()*]+/u).some((word) => word === name || word.endsWith(`/${name}`))
}

function badHash(hash: string): UserError {
  return new UserError('bad-source-hash', `source_hash: '${hash}' is no digest and no place of one.`, {
    hint: `Write it as sha256=<hex>; there is: ${DIGESTS.join(', ')}.`,
  })
}

/** The content of a source, which is what `source_hash` says. */
export async function fetchVerified(view: View, source: string, given: Given): Promise<Uint8Array> {
  const wanted = await sourceDigest(view, source, given)
  const content = await view.fetch(source)
  if (wanted !== undefined) requireDigest(source, content, wanted)
  return content
}

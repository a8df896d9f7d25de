import { createHash, createHmac, randomBytes } from 'node:crypto'

export const DIGESTS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const

export type DigestName = (typeof DIGESTS)[number]

/** The digest of some content, in lower-case hex. */
export function digestOf(name: DigestName, content: Uint8Array | string): string {
  return createHash(name).update(content).digest('hex')
}

/** The HMAC with SHA-1 of a text, where a file format asks for it: 20 bytes. */
export function hmacSha1(key: Uint8Array, text: string): Buffer {
  return createHmac('sha1', key).update(text).digest()
}

/** So many bytes of chance. */
export function randomSalt(length: number): Buffer {
  return randomBytes(length)
}

/** Which digest a number of hex digits is; `undefined` when it is none. */
export function digestOfLength(digits: number): DigestName | undefined {
  return BY_LENGTH.get(digits)
}

const BY_LENGTH: ReadonlyMap<number, DigestName> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [56, 'sha224'],
  [64, 'sha256'],
  [96, 'sha384'],
  [128, 'sha512'],
])

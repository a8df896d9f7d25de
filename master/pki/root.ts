import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { makeCertificate } from './certificate.ts'
import { readPrivate, writePrivate } from './files.ts'
import { keyFromPem, keyToPem, makeKey } from './key.ts'

const ROOT_DAYS = 3650
/** Clocks differ: a certificate is good from a little before it was made. In milliseconds. */
export const EARLY = 3_600_000

/** What a CA stands on. */
export interface Root {
  key: KeyObject
  /** In PEM; signed by itself. */
  certificate: string
}

/** Opens the CA that lies in the folder as `FILE.key` and `FILE.crt`; makes one when there is none, or completes it. */
export async function openRoot(folder: string, file: string, name: string, now: number): Promise<Root> {
  const key = await keyIn(join(folder, `${file}.key`))
  const certificateFile = join(folder, `${file}.crt`)
  const certificate = readPrivate(certificateFile) ?? ownCertificate(key, name, now)
  writePrivate(certificateFile, certificate)
  return { key, certificate }
}

export async function keyIn(file: string): Promise<KeyObject> {
  const pem = readPrivate(file)
  if (pem !== undefined) return keyFromPem(pem)
  const key = await makeKey()
  writePrivate(file, keyToPem(key))
  return key
}

function ownCertificate(key: KeyObject, name: string, now: number): string {
  return makeCertificate({
    name,
    publicKey: key,
    issuer: name,
    issuerKey: key,
    from: now - EARLY,
    until: now + ROOT_DAYS * 86_400_000,
    use: 'ca',
  })
}

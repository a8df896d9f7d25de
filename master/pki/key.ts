import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** Made in a thread of its own: the master goes on answering. */
export async function makeKey(): Promise<KeyObject> {
  const { privateKey } = await generate('rsa', { modulusLength: 3072 })
  return privateKey
}

export function keyToPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

export function keyFromPem(pem: string): KeyObject {
  return createPrivateKey(pem)
}

/** SHA-256 of the public key (SPKI, DER) in hex: what a minion is known by. */
export function fingerprintOf(key: KeyObject): string {
  return spkiHash(key).toString('hex')
}

/** The same as curl's `--pinnedpubkey` wants it. */
export function pinOf(key: KeyObject): string {
  return `sha256//${spkiHash(key).toString('base64')}`
}

function spkiHash(key: KeyObject): Buffer {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest()
}

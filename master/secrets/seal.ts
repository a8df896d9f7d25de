import { createCipheriv, createDecipheriv, randomBytes, randomInt, randomUUID } from 'node:crypto'

const NONCE = 12
const TAG = 16

/** Encrypts a secret's value; its name is bound to it, so that one row's value can't be put under another name. */
export function seal(key: Buffer, name: string, value: string): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(name))
  return Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Throws when the key is another one, or what is stored was changed. */
export function unseal(key: Buffer, name: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(-TAG))
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8')
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 32

/** 190 bits of chance in letters that need no quoting anywhere; a UUID (122 bits) for a name that ends in `.uuid`. */
export function randomSecret(name: string): string {
  if (name.endsWith('.uuid')) return randomUUID()
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

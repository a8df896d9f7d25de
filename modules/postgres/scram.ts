import { digestOf } from '../../core/module/digest.ts'

// PostgreSQL keeps no password but what RFC 5803 calls a SCRAM verifier. Making it here means that the password itself
// never reaches the server, its log or a process list.

const ITERATIONS = 4096

/** `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` for a password, with this salt. */
export async function scramVerifier(
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations = ITERATIONS,
): Promise<string> {
  const salted = await saltedPassword(password, salt, iterations)
  const [clientKey, serverKey] = await Promise.all([hmac(salted, 'Client Key'), hmac(salted, 'Server Key')])
  const storedKey = new Uint8Array(await crypto.subtle.digest('SHA-256', clientKey))
  return `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`
}

/** A verifier with a salt that nobody can guess. */
export function newScramVerifier(password: string): Promise<string> {
  return scramVerifier(password, crypto.getRandomValues(new Uint8Array(16)))
}

/** Whether what the server keeps for a user is this password: a SCRAM verifier, or the older MD5 form. */
export async function isPassword(kept: string, user: string, password: string): Promise<boolean> {
  if (kept === password) return true
  if (kept.startsWith('md5')) return kept === `md5${digestOf('md5', password + user)}`
  const { iterations, salt } = /^SCRAM-SHA-256\$(?<iterations>\d+):(?<salt>[^$]+)\$/u.exec(kept)?.groups ?? {}
  if (iterations === undefined || salt === undefined) return false
  return kept === (await scramVerifier(password, bytes(salt), Number(iterations)))
}

/** A password that is such a verifier already is taken as it is. */
export function isVerifier(password: string): boolean {
  return /^SCRAM-SHA-256\$\d+:|^md5[0-9a-f]{32}$/u.test(password)
}

async function saltedPassword(
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<ArrayBuffer> {
  const key = await crypto.subtle.importKey('raw', encode(password.normalize('NFKC')), 'PBKDF2', false, ['deriveBits'])
  return crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256)
}

async function hmac(key: ArrayBuffer, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const made = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', made, encode(text)))
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function base64(content: Uint8Array): string {
  return btoa(String.fromCharCode(...content))
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0)
}

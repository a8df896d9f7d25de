import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** A new RSA key as PEM: the certificate library knows RSA only. */
export async function makeKey(bits = 3072): Promise<string> {
  const { privateKey } = await generate('rsa', { modulusLength: bits })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** SHA-256 of the public key (SPKI, DER) in hex: what `keys` shows on the master. */
export function keyFingerprint(key: string): string {
  const spki = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex')
}

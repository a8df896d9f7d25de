import { createPublicKey, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { UserError } from '../../core/errors.ts'
import { checkId } from '../../core/protocol/id.ts'
import { fingerprintOf } from './key.ts'

/** What a certificate request says, once it is proven that whoever made it has the key. */
export interface CertificateRequest {
  id: string
  publicKey: KeyObject
  fingerprint: string
}

const MAX_LENGTH = 16 * 1024
const MIN_BITS = 2048
const MAX_BITS = 4096

/** Reads a PKCS#10 request in PEM from a stranger; throws the `UserError` `bad-request`. */
export function readRequest(pem: string, id: string): CertificateRequest {
  checkId(id)
  if (pem.length > MAX_LENGTH) throw refused('it is too long')
  const request = parse(pem)
  const publicKey = publicKeyOf(request)
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < MIN_BITS || bits > MAX_BITS) throw refused(`its RSA key has ${bits} bits, not ${MIN_BITS} to ${MAX_BITS}`)
  if (!isSigned(request)) throw refused('it is not signed with its own key')
  const name: unknown = request.subject.getField('CN')?.value
  if (name !== id) throw refused(`it is for '${String(name)}', not for '${id}'`)
  return { id, publicKey, fingerprint: fingerprintOf(publicKey) }
}

function parse(pem: string): forge.pki.CertificateSigningRequest {
  try {
    return forge.pki.certificationRequestFromPem(pem)
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error))
  }
}

function publicKeyOf(request: forge.pki.CertificateSigningRequest): KeyObject {
  if (request.publicKey === null || !('n' in request.publicKey)) throw refused('it has no RSA key')
  try {
    return createPublicKey(forge.pki.publicKeyToPem(request.publicKey))
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error))
  }
}

function isSigned(request: forge.pki.CertificateSigningRequest): boolean {
  try {
    return request.verify()
  } catch {
    return false
  }
}

function refused(why: string): UserError {
  return new UserError('bad-request', `The certificate request can't be used: ${why}.`, {
    hint: 'It must be a PKCS#10 request in PEM with an RSA key, signed with SHA-256.',
  })
}

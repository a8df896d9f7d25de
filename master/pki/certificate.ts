import { constants, createPublicKey, privateEncrypt, randomBytes, type KeyObject } from 'node:crypto'
import forge from 'node-forge'

export interface CertificateOrder {
  /** Common name of whom it is for. */
  name: string
  publicKey: KeyObject
  /** Common name of whom it is from; the CA's own certificate is from itself. */
  issuer: string
  issuerKey: KeyObject
  /** Milliseconds since 1970. */
  from: number
  until: number
  use: 'ca' | 'server' | 'client' | 'service'
  /** Names and addresses of a server. */
  names?: readonly ServerName[]
}

export type ServerName = { dns: string } | { ip: string }

/** What a DigestInfo of SHA-256 begins with (RFC 8017, 9.2). */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex')

/** Makes and signs an X.509 certificate; PEM comes out. */
export function makeCertificate(order: CertificateOrder): string {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPem(order.publicKey))
  // Positive, and without a leading zero byte.
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`
  certificate.validity.notBefore = new Date(order.from)
  certificate.validity.notAfter = new Date(order.until)
  certificate.setSubject([{ name: 'commonName', value: order.name }])
  certificate.setIssuer([{ name: 'commonName', value: order.issuer }])
  certificate.setExtensions([
    ...EXTENSIONS[order.use],
    { name: 'subjectKeyIdentifier' },
    ...(order.names === undefined ? [] : [{ name: 'subjectAltName', altNames: order.names.map(altName) }]),
  ])
  certificate.sign(signer(order.issuerKey), forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate).replaceAll('\r', '')
}

const EXTENSIONS: Readonly<Record<CertificateOrder['use'], readonly object[]>> = {
  ca: [
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
  ],
  server: [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true },
    { name: 'extKeyUsage', serverAuth: true },
  ],
  client: [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true },
    { name: 'extKeyUsage', clientAuth: true },
  ],
  // Services of a cluster speak to each other too, as Consul's agents do. RSA key exchange is for old brokers.
  service: [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
  ],
}

/** As forge numbers the kinds of names: 2 is DNS, 7 an address. */
function altName(name: ServerName): object {
  return 'dns' in name ? { type: 2, value: name.dns } : { type: 7, ip: name.ip }
}

/** forge signs in JavaScript, slowly; this has OpenSSL make the same PKCS#1 signature of the digest. */
function signer(key: KeyObject): forge.pki.rsa.PrivateKey {
  const sign = (digest: forge.md.MessageDigest): string => {
    const info = Buffer.concat([SHA256_PREFIX, Buffer.from(digest.digest().toHex(), 'hex')])
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info).toString('binary')
  }
  // All of a private key that a certificate asks for.
  return { sign } as unknown as forge.pki.rsa.PrivateKey
}

function publicPem(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

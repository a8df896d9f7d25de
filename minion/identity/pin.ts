import { connect, type DetailedPeerCertificate } from 'node:tls'
import { UserError } from '../../core/errors.ts'
import { formatAddress, type Address } from '../config/config.ts'
import { connectionFailed } from '../link/failure.ts'

const TIMEOUT_MS = 15_000

/**
 * The CA's certificate (PEM) as the master at this address sends it, if its SHA-256 is the given one. Nothing else is
 * believed here: with this certificate the real connection is checked as any other.
 */
export async function pinnedCa(address: Address, fingerprint: string): Promise<string> {
  const wanted = normalize(fingerprint)
  const chain = await presentedChain(address)
  const ca = chain.find((certificate) => normalize(certificate.fingerprint256) === wanted)
  if (ca !== undefined) return pem(ca)
  const root = chain.at(-1)
  throw new UserError('wrong-ca', `The master at ${formatAddress(address)} is not the one that was meant.`, {
    hint:
      `Its CA has the fingerprint ${root === undefined ? '(none)' : normalize(root.fingerprint256)}, wanted was ${wanted}. ` +
      "'butler-master doctor' and 'tokens create' show the right one on the master.",
  })
}

/** `AB:CD`, `ab cd` and `sha256:abcd` are all `abcd`. Throws when it is no SHA-256. */
export function normalize(fingerprint: string): string {
  const hex = fingerprint
    .replace(/^sha256:/iu, '')
    .replaceAll(/[:\s]/gu, '')
    .toLowerCase()
  if (/^[0-9a-f]{64}$/u.test(hex)) return hex
  throw new UserError('bad-fingerprint', `'${fingerprint}' is no SHA-256 fingerprint.`, {
    hint: "It has 64 hexadecimal digits; 'butler-master tokens create' prints it.",
  })
}

async function presentedChain(address: Address): Promise<DetailedPeerCertificate[]> {
  const { promise, resolve, reject } = Promise.withResolvers<DetailedPeerCertificate[]>()
  // Whom we talk to is what we want to find out; nothing is sent.
  const socket = connect({ ...address, minVersion: 'TLSv1.3', rejectUnauthorized: false, timeout: TIMEOUT_MS })
  socket.once('secureConnect', () => resolve(chainOf(socket.getPeerCertificate(true))))
  socket.once('timeout', () => reject(connectionFailed(address, new Error('no answer'))))
  socket.once('error', (error) => reject(connectionFailed(address, error)))
  try {
    return await promise
  } finally {
    socket.destroy()
  }
}

/** Leaf first; the root, when it was sent, is its own issuer. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = []
  for (let next: DetailedPeerCertificate | undefined = leaf; next !== undefined; next = next.issuerCertificate) {
    if (chain.some((known) => known.fingerprint256 === next?.fingerprint256)) break
    chain.push(next)
  }
  return chain
}

function pem(certificate: DetailedPeerCertificate): string {
  const lines = certificate.raw.toString('base64').match(/.{1,64}/gu) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import type { Identity } from '../identity/identity.ts'

/** The name that every master's certificate carries, whatever address leads to it. */
const MASTER_NAME = 'butler-master'

/**
 * TLS as every connection to the master uses it. Only our own CA is believed, and it gives server certificates to
 * masters alone; so a certificate is good when it is for the address we dialled, or for "a master" at any address.
 */
export function trust(ca: string, identity?: Pick<Identity, 'key' | 'certificate'>): ConnectionOptions {
  return {
    ca,
    minVersion: 'TLSv1.3',
    checkServerIdentity: (host, certificate) =>
      checkServerIdentity(MASTER_NAME, certificate) === undefined ? undefined : named(host, certificate),
    ...(identity === undefined ? {} : { key: identity.key, cert: identity.certificate }),
  }
}

function named(host: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(host, certificate)
}

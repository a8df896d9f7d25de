import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Layout } from '../../core/cli/layout.ts'
import { UserError } from '../../core/errors.ts'
import { writeWhole } from '../spool/durable.ts'

/** Who this minion is, and how it knows its master. All PEM. */
export interface Identity {
  key: string
  certificate: string
  ca: string
}

export interface IdentityFiles {
  key: string
  certificate: string
  ca: string
}

/** Where they lie: the folder 0700, the files 0600. */
export function identityFiles(layout: Layout): IdentityFiles {
  return {
    key: join(layout.pki, 'minion.key'),
    certificate: join(layout.pki, 'minion.crt'),
    ca: join(layout.pki, 'minion-ca.crt'),
  }
}

/** Throws the `UserError` `not-enrolled` when this machine has none. */
export function readIdentity(layout: Layout): Identity {
  const files = identityFiles(layout)
  try {
    return {
      key: readFileSync(files.key, 'utf8'),
      certificate: readFileSync(files.certificate, 'utf8'),
      ca: readFileSync(files.ca, 'utf8'),
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw notEnrolled(layout)
    throw new UserError('pki-unreadable', `The minion's key can't be read: ${String(error)}.`, {
      hint: 'Run it as root, or as the user that the minion belongs to.',
      cause: error,
    })
  }
}

/** The certificate that answers for the key which is there already. */
export function keepCertificate(layout: Layout, given: { certificate: string; ca: string }): void {
  const files = identityFiles(layout)
  writeWhole(files.ca, given.ca)
  writeWhole(files.certificate, given.certificate)
}

export function keepKey(layout: Layout, key: string): void {
  mkdirSync(layout.pki, { recursive: true, mode: 0o700 })
  writeWhole(identityFiles(layout).key, key)
}

export function readKey(layout: Layout): string | undefined {
  try {
    return readFileSync(identityFiles(layout).key, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new UserError('pki-unreadable', `The minion's key can't be read: ${String(error)}.`, { cause: error })
  }
}

/** The id in a certificate: its common name. */
export function idOf(identity: Pick<Identity, 'certificate'>): string {
  const subject = new X509Certificate(identity.certificate).subject
  return /^CN=(.*)$/mu.exec(subject)?.[1] ?? ''
}

function notEnrolled(layout: Layout): UserError {
  return new UserError(
    'not-enrolled',
    `This machine is no minion of any master yet: ${layout.pki} holds no certificate.`,
    {
      hint: 'Run: butler-minion enroll --master HOST --ca-fingerprint SHA256 [--token TOKEN]',
    },
  )
}

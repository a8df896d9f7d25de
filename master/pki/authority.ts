import { createHash, X509Certificate, type KeyObject } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { makeCertificate, type ServerName } from './certificate.ts'
import { makePrivateFolder, readPrivate, writePrivate } from './files.ts'
import { keyToPem, pinOf } from './key.ts'
import { EARLY, keyIn, openRoot } from './root.ts'

const CA_NAME = 'Butler CA'
/** The name in every master's certificate: minions know their master by it, whatever address leads to it. */
const MASTER_NAME = 'butler-master'
const DAY = 86_400_000
const SERVER_DAYS = 90
export const MINION_DAYS = 30

/** What the TLS port shows. The chain has the CA in it, which is how an enrolling minion gets to see it. */
export interface ServerCredentials {
  key: string
  certificate: string
  ca: string
}

/** The CA of one master. Its key and the server's lie in the pki folder, mode 0600. */
export class Authority {
  /** The CA's certificate in PEM. */
  readonly ca: string
  /** SHA-256 of the CA's certificate in hex: what a minion that enrols is told to trust. */
  readonly fingerprint: string
  /** Of the server's key, as curl wants it. It stays the same when the certificate is renewed. */
  readonly pin: string
  readonly #key: KeyObject
  readonly #serverKey: KeyObject
  readonly #serverFile: string
  readonly #now: () => number

  private constructor(folder: string, keys: { ca: KeyObject; server: KeyObject }, ca: string, now: () => number) {
    this.ca = ca
    this.fingerprint = createHash('sha256').update(new X509Certificate(ca).raw).digest('hex')
    this.pin = pinOf(keys.server)
    this.#key = keys.ca
    this.#serverKey = keys.server
    this.#serverFile = join(folder, 'master.crt')
    this.#now = now
  }

  /** Opens the CA in this folder; makes one when there is none. A CA half made by a kill is made anew or completed. */
  static async open(folder: string, now: () => number = Date.now): Promise<Authority> {
    makePrivateFolder(folder)
    const root = await openRoot(folder, 'ca', CA_NAME, now())
    const server = await keyIn(join(folder, 'master.key'))
    return new Authority(folder, { ca: root.key, server }, root.certificate, now)
  }

  /** A certificate (PEM) by which a minion shows who it is, and when it ends. */
  certify(id: string, publicKey: KeyObject): { certificate: string; expires: number } {
    const expires = this.#now() + MINION_DAYS * DAY
    const certificate = makeCertificate({
      name: id,
      publicKey,
      issuer: CA_NAME,
      issuerKey: this.#key,
      from: this.#now() - EARLY,
      until: expires,
      use: 'client',
    })
    return { certificate, expires }
  }

  /** The server's certificate for these names; made anew when they changed or two thirds of its life are over. */
  serverCredentials(names: readonly string[]): ServerCredentials {
    const wanted = serverNames(names)
    const kept = readPrivate(this.#serverFile)
    const certificate = kept !== undefined && this.#isGood(kept, wanted) ? kept : this.#newServerCertificate(wanted)
    return { key: keyToPem(this.#serverKey), certificate: certificate + this.ca, ca: this.ca }
  }

  #newServerCertificate(names: readonly ServerName[]): string {
    const certificate = makeCertificate({
      name: MASTER_NAME,
      publicKey: this.#serverKey,
      issuer: CA_NAME,
      issuerKey: this.#key,
      from: this.#now() - EARLY,
      until: this.#now() + SERVER_DAYS * DAY,
      use: 'server',
      names,
    })
    writePrivate(this.#serverFile, certificate)
    return certificate
  }

  #isGood(pem: string, names: readonly ServerName[]): boolean {
    const certificate = new X509Certificate(pem)
    const covers = (name: ServerName): boolean =>
      ('dns' in name ? certificate.checkHost(name.dns) : certificate.checkIP(name.ip)) !== undefined
    return (
      certificate.validToDate.getTime() - this.#now() > (SERVER_DAYS * DAY) / 3 &&
      certificate.checkPrivateKey(this.#serverKey) &&
      certificate.verify(new X509Certificate(this.ca).publicKey) &&
      names.every(covers)
    )
  }
}

/** Those of the configuration, and all that this machine is called anyway. */
function serverNames(configured: readonly string[]): ServerName[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map((each) => each.address) ?? [])
  const all = new Set([MASTER_NAME, 'localhost', hostname(), ...configured, '127.0.0.1', '::1', ...addresses])
  return [...all]
    .filter((name) => !/^fe80:/iu.test(name))
    .map((name) => (isIP(name) === 0 ? { dns: name } : { ip: name }))
}

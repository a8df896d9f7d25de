import { isIP } from 'node:net'
import { UserError } from '../../core/errors.ts'
import { makeCertificate } from './certificate.ts'
import { makePrivateFolder } from './files.ts'
import { readRequest } from './request.ts'
import { EARLY, openRoot, type Root } from './root.ts'

const NAME = 'Butler services CA'
const DAYS = 90

/** Which names a minion may have certified: those that its open jobs give it. */
export type MayHave = (id: string, names: readonly string[]) => boolean

/**
 * The CA for what runs on the minions: databases, brokers, web pages. It is not the CA by which minions and master know
 * each other: whoever gets hold of a database's key must not be able to speak as the master.
 */
export class ServicesAuthority {
  readonly #root: Root
  readonly #now: () => number

  private constructor(root: Root, now: () => number) {
    this.#root = root
    this.#now = now
  }

  static async open(folder: string, now: () => number): Promise<ServicesAuthority> {
    makePrivateFolder(folder)
    return new ServicesAuthority(await openRoot(folder, 'services-ca', NAME, now()), now)
  }

  /** Its certificate in PEM. */
  get ca(): string {
    return this.#root.certificate
  }

  /**
   * Certifies the key of a minion's request for servers of these names; PEM comes out. Throws a `UserError` for a request
   * that is not this minion's own, for names that are none, and for names that are not its own to have.
   */
  certify(id: string, request: string, names: readonly string[], mayHave: MayHave): string {
    const { publicKey } = readRequest(request, id)
    const [first] = names
    if (first === undefined || !names.every(isName)) {
      throw new UserError('bad-names', `These are no names of a server: ${names.join(', ') || 'none'}.`, {
        hint: 'Use DNS names and addresses: [postgresql.service.consul, 10.0.0.5].',
      })
    }
    if (!mayHave(id, names)) {
      throw new UserError('names-not-given', `No open job of '${id}' gives it a certificate for ${names.join(', ')}.`, {
        hint: 'A minion gets certificates only by the states x509.certificate_managed of its own low state.',
      })
    }
    return makeCertificate({
      name: first,
      publicKey,
      issuer: NAME,
      issuerKey: this.#root.key,
      from: this.#now() - EARLY,
      until: this.#now() + DAYS * 86_400_000,
      use: 'service',
      names: names.map((name) => (isIP(name) === 0 ? { dns: name } : { ip: name })),
    })
  }
}

/** A DNS name (its first label may be `*`) or an address. */
function isName(name: string): boolean {
  if (isIP(name) !== 0) return true
  return (
    name.length <= 253 &&
    /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/iu.test(name)
  )
}

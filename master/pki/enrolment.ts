import type { EnrollAnswer, EnrollRequest } from '../../core/protocol/messages.ts'
import { UserError } from '../../core/errors.ts'
import type { Store } from '../store/store.ts'
import type { Authority } from './authority.ts'
import type { Keys } from './keys.ts'
import { readRequest, type CertificateRequest } from './request.ts'
import type { KeyRow } from './tables.ts'
import type { Tokens } from './tokens.ts'

/** How soon a minion that waits should ask again, in seconds. */
const RETRY_AFTER = 10

/** Who may join: the only question that a stranger can ask. */
export class Enrolment {
  readonly #store: Store
  readonly #authority: Authority
  readonly #keys: Keys
  readonly #tokens: Tokens
  readonly #now: () => number

  constructor(parts: { store: Store; authority: Authority; keys: Keys; tokens: Tokens; now: () => number }) {
    this.#store = parts.store
    this.#authority = parts.authority
    this.#keys = parts.keys
    this.#tokens = parts.tokens
    this.#now = parts.now
  }

  async enroll(asked: EnrollRequest): Promise<EnrollAnswer> {
    const request = readRequest(asked.request, asked.id)
    const known = await this.#keys.of(request.id)
    const same = known.find((row) => row.fingerprint === request.fingerprint)
    // The answer to its last request was lost, or it was set up again with its old key.
    if (same?.state === 'accepted') return this.#accepted(request)
    if (same?.state === 'revoked') return denied('its key was revoked')
    if (known.some((row) => row.state === 'accepted' || row.state === 'revoked')) {
      await this.#keys.keepWaiting(this.#row(asked, request, 'denied'))
      return denied(
        `'${request.id}' is known with another key. If this is the same machine set up anew, run ` +
          `'butler-master keys delete ${request.id}' on the master and enrol again`,
      )
    }
    return asked.token === undefined
      ? this.#wait(asked, request, known)
      : this.#redeem(asked, request, known, asked.token)
  }

  /** A new certificate for a known, unrevoked minion that proves its key, even when its last one has expired. */
  async renew(id: string, pem: string): Promise<{ certificate: string; ca: string }> {
    const request = readRequest(pem, id)
    if (!this.#keys.isAccepted(id, request.fingerprint)) {
      throw new UserError('not-accepted', `This key is not the one that '${id}' was accepted with.`, {
        hint: 'Enrol it again: butler-minion enroll.',
      })
    }
    const { certificate, ca } = await this.#accepted(request)
    return { certificate, ca }
  }

  async #redeem(
    asked: EnrollRequest,
    request: CertificateRequest,
    known: readonly KeyRow[],
    token: string,
  ): Promise<EnrollAnswer> {
    const good = await this.#tokens.check(token, request.id)
    if ('wrong' in good) return good.wrong === 'id' ? this.#wait(asked, request, known) : denied(good.reason)
    const row = this.#row(asked, request, 'accepted', good.roles)
    const refusal = await this.#store.transaction().execute(async (transaction) => {
      // Two machines may ask for one id at the same time.
      if (await this.#keys.isTaken(transaction, request.id)) return 'another machine has just joined under this id'
      if (!(await this.#tokens.spend(transaction, good.name))) return `the join token ${good.name} is used up`
      await this.#keys.admit(transaction, row)
      return undefined
    })
    if (refusal !== undefined) return denied(refusal)
    this.#keys.admitted(row)
    return this.#accepted(request)
  }

  async #wait(asked: EnrollRequest, request: CertificateRequest, known: readonly KeyRow[]): Promise<EnrollAnswer> {
    const taken = known.some((row) => row.state === 'pending' && row.fingerprint !== request.fingerprint)
    const kept = await this.#keys.keepWaiting(this.#row(asked, request, taken ? 'denied' : 'pending'))
    if (!kept) return denied('too many requests wait for the operator already')
    if (taken) return denied(`a request for '${request.id}' with another key waits already`)
    return { state: 'pending', fingerprint: request.fingerprint, retryAfter: RETRY_AFTER }
  }

  async #accepted(request: CertificateRequest): Promise<EnrollAnswer & { state: 'accepted' }> {
    const { certificate, expires } = this.#authority.certify(request.id, request.publicKey)
    await this.#keys.certified(request.id, request.fingerprint, expires)
    return { state: 'accepted', certificate, ca: this.#authority.ca }
  }

  #row(
    asked: EnrollRequest,
    request: CertificateRequest,
    state: KeyRow['state'],
    roles: readonly string[] = [],
  ): KeyRow {
    return {
      id: request.id,
      fingerprint: request.fingerprint,
      state,
      request: asked.request,
      roles: JSON.stringify(roles),
      expires: null,
      created: this.#now(),
    }
  }
}

function denied(reason: string): EnrollAnswer {
  return { state: 'denied', reason }
}

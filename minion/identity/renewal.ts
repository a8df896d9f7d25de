import { isMap } from '../../core/data.ts'
import { UserError, userErrorsOf } from '../../core/errors.ts'
import { postJson } from '../link/https.ts'
import type { Link } from '../link/link.ts'
import type { Log } from '../log.ts'
import type { Home } from '../jobs/order.ts'
import { askWorker } from '../jobs/start.ts'
import { keepCertificate, readIdentity } from './identity.ts'
import { lifetimeOf } from './lifetime.ts'

export interface RenewalOptions {
  home: Home
  id: string
  link: Link
  log: Log
}

/** How often we look whether it is time, in milliseconds. */
const LOOK_MS = 3_600_000
const ANSWER_MS = 60_000

/** Replaces the certificate over the open connection when two thirds of its life are over. */
export class Renewal implements Disposable {
  readonly #options: RenewalOptions
  readonly #timer: NodeJS.Timeout
  #busy = false

  constructor(options: RenewalOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.look(), LOOK_MS)
  }

  /** Renews if it is time. Does not fail: what did not work is tried again at the next look. */
  look(): void {
    if (this.#busy || !this.#isTime()) return
    this.#busy = true
    void this.#renew().finally(() => {
      this.#busy = false
    })
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #isTime(): boolean {
    return Date.now() >= lifetimeOf(readIdentity(this.#options.home.layout).certificate).renewAt
  }

  async #renew(): Promise<void> {
    const { home, id, link, log } = this.#options
    try {
      const request = await askWorker({ kind: 'request', home, id })
      const given = await link.ask('renew', { request }, { timeoutMs: ANSWER_MS })
      keepCertificate(home.layout, given)
      log.info('the certificate was renewed', { ends: new Date(lifetimeOf(given.certificate).endsAt).toISOString() })
    } catch (error) {
      log.warn("the certificate can't be renewed; trying again", { cause: causeOf(error) })
    }
  }
}

/** A minion that was away too long proves by its key, which signs the request, that it is still the same one. */
export async function renewExpired(home: Home, id: string, log: Log): Promise<void> {
  const identity = readIdentity(home.layout)
  if (home.master === undefined || lifetimeOf(identity.certificate).endsAt > Date.now()) return
  const request = await askWorker({ kind: 'request', home, id })
  const answer = await postJson(home.master, '/renew', { ca: identity.ca }, { id, request })
  const { certificate, ca } = isMap(answer) ? answer : {}
  if (typeof certificate !== 'string' || typeof ca !== 'string') {
    throw new UserError('not-renewed', 'The certificate has expired and the master does not renew it.', {
      hint: "On the master, 'butler-master keys' shows why; or enrol again: butler-minion enroll.",
    })
  }
  keepCertificate(home.layout, { certificate, ca })
  log.info('the expired certificate was renewed')
}

function causeOf(error: unknown): string {
  return userErrorsOf(error)?.[0]?.message ?? String(error)
}

import { setTimeout as wait } from 'node:timers/promises'
import type { Layout } from '../../core/cli/layout.ts'
import { isMap, type Data } from '../../core/data.ts'
import { UserError, userErrorsOf } from '../../core/errors.ts'
import type { EnrollAnswer, EnrollRequest } from '../../core/protocol/messages.ts'
import type { Address } from '../config/config.ts'
import { postJson } from '../link/https.ts'
import { keepCertificate, keepKey, readKey } from './identity.ts'
import { keyFingerprint, makeKey } from './key.ts'
import { pinnedCa } from './pin.ts'

export interface EnrollOptions {
  layout: Layout
  id: string
  master: Address
  /** SHA-256 of the CA's certificate. */
  caFingerprint: string
  token?: string | undefined
  /** Called once when the request has to wait for the operator, with the fingerprint that `keys` shows there. */
  waiting: (fingerprint: string) => void
  signal: AbortSignal
}

/** The longest pause between two questions whether the operator has decided, in seconds. */
const LONGEST_PAUSE = 30

/**
 * Joins a master: a key that never leaves this machine, a certificate request over TLS pinned to the CA, and the
 * certificate. Waits while the operator has not decided. An earlier key is used again, so that it can be run again.
 *
 * @returns the fingerprint of the key
 */
export async function enroll(options: EnrollOptions): Promise<string> {
  const ca = await pinnedCa(options.master, options.caFingerprint)
  const key = readKey(options.layout) ?? (await makeKey())
  // Kept before it is shown to anybody: a request that waits is for this key.
  keepKey(options.layout, key)
  const { makeRequest } = await import('./request.ts')
  const request: EnrollRequest = { id: options.id, request: makeRequest(options.id, key) }
  const asked = options.token === undefined ? request : { ...request, token: options.token }
  keepCertificate(options.layout, await decided(asked, ca, options))
  return keyFingerprint(key)
}

async function decided(
  request: EnrollRequest,
  ca: string,
  options: EnrollOptions,
): Promise<{ certificate: string; ca: string }> {
  for (let told = false; ;) {
    const answer = parseAnswer(await postJson(options.master, '/enroll', { ca }, request))
    if (answer.state === 'accepted') return answer
    if (answer.state === 'denied') {
      throw new UserError('enrolment-denied', `The master does not take '${options.id}': ${answer.reason}`, {
        hint: `On the master, 'butler-master keys' shows it; 'keys delete ${options.id}' lets it ask anew.`,
      })
    }
    if (!told) options.waiting(answer.fingerprint)
    told = true
    await pause(Math.min(LONGEST_PAUSE, Math.max(1, answer.retryAfter)), options)
  }
}

async function pause(seconds: number, { id, signal }: EnrollOptions): Promise<void> {
  try {
    await wait(seconds * 1000, undefined, { signal })
  } catch (error) {
    if (userErrorsOf(error) === undefined && !signal.aborted) throw error
    throw new UserError('enrolment-waits', `The request of '${id}' still waits for the operator.`, {
      hint: `On the master: butler-master keys accept ${id}. Then run the same command again.`,
    })
  }
}

function parseAnswer(data: Data): EnrollAnswer {
  if (isMap(data)) {
    const { state, certificate, ca, fingerprint, retryAfter, reason } = data
    if (state === 'accepted' && typeof certificate === 'string' && typeof ca === 'string') {
      return { state, certificate, ca }
    }
    if (state === 'pending' && typeof fingerprint === 'string') {
      return { state, fingerprint, retryAfter: typeof retryAfter === 'number' ? retryAfter : LONGEST_PAUSE }
    }
    if (state === 'denied') return { state, reason: typeof reason === 'string' ? reason : 'it gives no reason.' }
  }
  throw new UserError('not-understood', 'What the master answered to the enrolment is not understood.', {
    hint: 'It is newer or older than this agent: install the agent that it serves.',
  })
}

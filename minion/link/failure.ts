import { UserError } from '../../core/errors.ts'
import { formatAddress, type Address } from '../config/config.ts'

/** What a failed connection means to a person, by the codes of Node's net and OpenSSL. */
const MEANINGS: Readonly<Record<string, { says: string; hint?: string }>> = {
  ECONNREFUSED: {
    says: 'nothing listens there',
    hint: "Is the master running ('butler-master start'), and is it this port?",
  },
  ENOTFOUND: { says: 'there is no such host', hint: 'Look at `master` in minion.yaml and at the name servers.' },
  EAI_AGAIN: { says: 'the name can not be resolved right now', hint: 'Look at the name servers.' },
  ETIMEDOUT: { says: 'no answer', hint: 'Does a firewall stand between?' },
  EHOSTUNREACH: { says: 'there is no way to that host' },
  ENETUNREACH: { says: 'there is no way to that network' },
  CERT_HAS_EXPIRED: {
    says: "the master's certificate has expired",
    hint: 'Are both clocks right? Restart the master: it renews its own.',
  },
  CERT_NOT_YET_VALID: { says: "the master's certificate is not valid yet", hint: 'Are both clocks right?' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { says: 'its certificate is not from our CA', hint: wrongMaster() },
  SELF_SIGNED_CERT_IN_CHAIN: { says: 'its certificate is from another CA', hint: wrongMaster() },
  DEPTH_ZERO_SELF_SIGNED_CERT: { says: 'its certificate is from no CA', hint: wrongMaster() },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { says: 'its certificate is from another CA', hint: wrongMaster() },
  CERT_SIGNATURE_FAILURE: {
    says: "its certificate is from a CA with our CA's name and another key",
    hint: wrongMaster(),
  },
  ERR_TLS_CERT_ALTNAME_INVALID: { says: 'its certificate is not that of a master', hint: wrongMaster() },
}

export function connectionFailed(address: Address, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = MEANINGS[code]
  const says = known?.says ?? (error instanceof Error ? error.message : String(error))
  return new UserError('master-not-reached', `The master at ${formatAddress(address)} can't be reached: ${says}.`, {
    hint: known?.hint,
    cause: error,
  })
}

function wrongMaster(): string {
  return 'Is this the right master? If it was made anew, enrol again: butler-minion enroll.'
}

import { X509Certificate } from 'node:crypto'

/** When a certificate ends, and when it should be replaced: after two thirds of its life. In ms since 1970. */
export interface Lifetime {
  renewAt: number
  endsAt: number
}

export function lifetimeOf(certificate: string): Lifetime {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  const begins = validFromDate.getTime()
  const endsAt = validToDate.getTime()
  return { renewAt: begins + ((endsAt - begins) * 2) / 3, endsAt }
}

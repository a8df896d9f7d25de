import type { Data } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { Authority } from '../host/machine.ts'
import { readIdentity } from '../identity/identity.ts'
import { getJson, postJson } from '../link/https.ts'
import type { Home } from './order.ts'

/** The CA for services that the master is, reached over this minion's own certificate. */
export function masterAuthority(home: Home): Authority {
  return {
    ca: async () => textIn(await getJson(masterOf(home), '/services-ca', readIdentity(home.layout)), 'ca'),
    certify: async (request, names) => {
      const answer = await postJson(masterOf(home), '/certify', readIdentity(home.layout), { request, names })
      return textIn(answer, 'certificate')
    },
  }
}

function masterOf({ master }: Home): NonNullable<Home['master']> {
  if (master !== undefined) return master
  throw new UserError('no-master', 'Certificates come from the CA of a master, and this machine has none.')
}

function textIn(answer: Data, key: string): string {
  const text = isMap(answer) ? answer[key] : undefined
  if (typeof text === 'string') return text
  throw new UserError('master-refused', `The master's answer holds no ${key}.`)
}

import { isMap, type Data, type DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { text } from '../../core/module/args.ts'
import { CURL, curlInput, SAYING_STATUS, statusAndBody } from '../../core/module/curl.ts'
import { fact } from '../../core/module/fact.ts'
import type { Host } from '../../core/module/host.ts'
import type { Output, View } from '../../core/module/view.ts'

const ADDRESS = 'http://127.0.0.1:8500'

/** How long the agent may take for one answer, in seconds. */
const PATIENCE = 20

/** The argument of all states that ask and change what Consul lets whom do. */
export const asking = {
  admin_token: text('The token of who may ask and change this; give it as a secret.'),
}

interface Request {
  token: string
  path: string
  method?: 'PUT' | 'DELETE'
  body?: DataMap
}

/** What the agent answers below `/v1/acl`, as a fact of the run; `undefined` when it does not know the token. */
export async function askAcl(view: View, token: string, path: string, as = 'administrator'): Promise<Data | undefined> {
  try {
    return await view.fact(
      fact({
        // Facts are told apart by name, and a token has no place in it.
        name: `consul acl ${path} as ${as}`,
        stale: ['consul', 'unit', 'package'],
        read: async (view) => parseAnswer(await view.query(CURL, { input: inputOf({ token, path }) })),
      }),
    )
  } catch (error) {
    if (error instanceof UserError && error.code === 'consul-unreachable') {
      view.missing({ kind: 'unit', name: 'consul.service' })
      view.missing({ kind: 'package', name: 'curl' })
    }
    throw error
  }
}

/** The maps of a list below `/v1/acl`. */
export async function listAcl(view: View, token: string, path: string): Promise<DataMap[]> {
  const answer = await askAcl(view, token, path)
  if (answer === undefined) throw refusal('ACL not found')
  return Array.isArray(answer) ? answer.filter(isMap) : []
}

export async function tellAcl(host: Host, request: Request): Promise<void> {
  const answer = parseAnswer(await host.run(CURL, { input: inputOf(request) }))
  if (answer === undefined) throw refusal('ACL not found')
}

export function textIn(map: DataMap, key: string): string {
  const value = map[key]
  return typeof value === 'string' ? value : ''
}

function inputOf({ token, path, method, body }: Request): string {
  return curlInput({
    url: `${ADDRESS}/v1/acl/${path}`,
    header: `X-Consul-Token: ${token}`,
    'max-time': String(PATIENCE),
    ...SAYING_STATUS,
    ...(method === undefined ? {} : { request: method }),
    ...(body === undefined ? {} : { data: JSON.stringify(body) }),
  })
}

function parseAnswer({ exitCode, stdout, stderr }: Output): Data | undefined {
  if (exitCode === 127) {
    throw new UserError('consul-unreachable', 'This machine has no curl, by which Consul is asked.', {
      hint: 'Install curl with pkg.installed, and require that state here.',
    })
  }
  if (exitCode !== 0) {
    throw new UserError('consul-unreachable', `Consul's agent does not answer: ${stderr.trim()}`, {
      hint: "Is it running? See 'service.status consul'.",
    })
  }
  const { status, body } = statusAndBody(stdout)
  // The token is unknown, or was deleted.
  if (status === 403 && body.includes('ACL not found')) return undefined
  if (status !== 200) throw refusal(body.trim())
  try {
    return JSON.parse(body) as Data
  } catch (cause) {
    throw new UserError('consul-refused', `Consul answers no JSON: ${body.slice(0, 200)}`, { cause })
  }
}

function refusal(said: string): UserError {
  return new UserError('consul-refused', `Consul says: ${said}`, { hint: hintFor(said) })
}

function hintFor(said: string): string {
  if (said.includes('ACL support disabled')) return 'Set acl.enabled in the configuration of the agents.'
  if (said.includes('ACL not found')) return 'Is `admin_token` the one that stands as acl.tokens.master at the servers?'
  if (said.includes('Permission denied')) return 'The administrator needs a token whose policy has acl = "write".'
  return 'When servers have just started, a `retry` of the state waits until they have agreed on a leader.'
}

import { isMap, type Data, type DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { path, text } from '../../core/module/args.ts'
import { type Answer, CURL, curlInput, SAYING_STATUS, statusAndBody } from '../../core/module/curl.ts'
import { fact } from '../../core/module/fact.ts'
import type { Host } from '../../core/module/host.ts'
import type { Output, View } from '../../core/module/view.ts'

/** How long the server may take for one answer, in seconds. */
const PATIENCE = 30

/** How Grafana is reached: the arguments of all states here. */
export const connecting = {
  url: text('Where Grafana is.').default('http://localhost:3000'),
  ca_file: path("The certificate of the CA that the server's is from; else the machine's own ones count.").optional(),
  admin: text('Who asks and changes.').default('admin'),
  admin_password: text("That user's password; give it as a secret."),
}

export interface Connection {
  url: string
  ca_file?: string | undefined
  admin: string
  admin_password: string
}

/** What the API answers at a path, as a fact of the run; nothing where there is no such thing. */
export async function ask(view: View, connection: Connection, path: string): Promise<DataMap | undefined> {
  try {
    return await view.fact(
      fact({
        name: `grafana ${connection.url}${path}`,
        stale: ['grafana', 'unit', 'package'],
        read: async (view) => parseAnswer(await view.query(CURL, { input: inputOf(connection, 'GET', path) })),
      }),
    )
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-grafana') {
      view.missing({ kind: 'unit', name: 'grafana-server.service' })
      view.missing({ kind: 'package', name: 'curl' })
    }
    throw error
  }
}

export async function tell(
  host: Host,
  connection: Connection,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: DataMap,
): Promise<void> {
  parseAnswer(await host.run(CURL, { input: inputOf(connection, method, path, body) }))
}

function inputOf({ url, ca_file, admin, admin_password }: Connection, method: string, path: string, body?: DataMap) {
  return curlInput({
    url: `${url.replace(/\/$/u, '')}/api${path}`,
    request: method,
    user: `${admin}:${admin_password}`,
    'max-time': String(PATIENCE),
    ...(ca_file === undefined ? {} : { cacert: ca_file }),
    ...(body === undefined ? {} : { header: 'Content-Type: application/json', 'data-raw': JSON.stringify(body) }),
    ...SAYING_STATUS,
  })
}

function parseAnswer({ exitCode, stdout, stderr }: Output): DataMap | undefined {
  if (exitCode === 127) {
    throw new UserError('no-grafana', 'This machine has no curl, by which Grafana is asked.', {
      hint: 'Install curl with pkg.installed, and require that state here.',
    })
  }
  if (exitCode !== 0) {
    throw new UserError('no-grafana', `Grafana does not answer: ${stderr.trim()}`, {
      hint: 'Let the state require the service grafana-server; its log: journalctl -u grafana-server',
    })
  }
  const answer = statusAndBody(stdout)
  if (answer.status === 404) return undefined
  if (answer.status >= 300) throw refusal(answer)
  const data = dataOf(answer)
  return isMap(data) ? data : {}
}

function refusal(answer: Answer): UserError {
  const data = dataOf(answer)
  const said = isMap(data) && typeof data['message'] === 'string' ? data['message'] : answer.body.slice(0, 200)
  return new UserError('grafana-refused', `Grafana says (${answer.status}): ${said}`, {
    hint: answer.status === 401 ? '`admin` and `admin_password` are who may change things in Grafana.' : undefined,
  })
}

function dataOf({ body }: Answer): Data {
  try {
    return JSON.parse(body) as Data
  } catch {
    return null
  }
}

import { isMap, type Data, type DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { text } from '../../core/module/args.ts'
import { CURL, curlInput } from '../../core/module/curl.ts'
import { fact, type Fact } from '../../core/module/fact.ts'
import type { Host } from '../../core/module/host.ts'
import type { Output, View } from '../../core/module/view.ts'

const UNIT = 'influxdb.service'

/** How long the server may take for one answer, in seconds. */
const PATIENCE = 30

/** How the server's HTTP API is reached. */
export interface Connection {
  url: string
  ca?: string | undefined
  user?: string | undefined
  password?: string | undefined
}

/** The arguments that states and functions have for it, named as in Salt where it has them. */
export const connecting = {
  url: text('Where the server is.').default('http://127.0.0.1:8086'),
  ca_file: text("The certificate of the CA that the server's is from; else the machine's own ones count.").optional(),
  admin: text('Who asks and changes, when the server wants to know.').optional(),
  admin_password: text("That user's password; give it as a secret.").optional(),
}

interface Wanted {
  url: string
  ca_file?: string | undefined
  admin?: string | undefined
  admin_password?: string | undefined
}

export function connectionOf({ url, ca_file: ca, admin, admin_password: password }: Wanted): Connection {
  return { url, ca, user: admin, password }
}

/** One table of an answer: its rows as maps by column; its tags when it was asked to group by them. */
export interface Series {
  name: string
  tags: DataMap
  rows: DataMap[]
}

/** What a statement that only reads answers, as a fact of the run. */
export async function ask(view: View, connection: Connection, statement: string): Promise<Series[]> {
  try {
    return await view.fact(answerOf(connection, statement))
  } catch (thrown) {
    if (isWithoutUsers(thrown)) view.missing({ kind: 'database-user', name: connection.user ?? '' })
    if (thrown instanceof UserError && thrown.code === 'no-influxdb') {
      view.missing({ kind: 'unit', name: UNIT })
      view.missing({ kind: 'package', name: 'curl' })
    }
    throw thrown
  }
}

/** The server asks for passwords, and has nobody yet who has one. */
export function isWithoutUsers(error: unknown): boolean {
  return error instanceof UserError && error.message.includes('create admin user first')
}

/** Changes something. The statement goes in by standard input, since it may hold a password. */
export async function tell(host: Host, connection: Connection, statement: string): Promise<void> {
  parseAnswer(await host.run(CURL, { input: request(connection, statement) }))
}

/** The databases, users and so on of the server, by one column of the answer to `SHOW ...`. */
export async function namesIn(
  view: View,
  connection: Connection,
  statement: string,
  column: string,
): Promise<string[]> {
  const series = await ask(view, connection, statement)
  return series.flatMap(({ rows }) => rows.map((row) => textIn(row, column)))
}

export function textIn(row: DataMap, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** A name as statements hold it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`
}

/** A text as statements hold it. */
export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}

function answerOf(connection: Connection, statement: string): Fact<Series[]> {
  return fact({
    name: `influxdb ${connection.url} as ${connection.user ?? 'anybody'}: ${statement}`,
    stale: ['database', 'database-user', 'unit', 'package'],
    read: async (view) => parseAnswer(await view.query(CURL, { input: request(connection, statement) })),
  })
}

function request({ url, ca, user, password }: Connection, statement: string): string {
  const settings = {
    url: `${url}/query`,
    ...(ca === undefined ? {} : { cacert: ca }),
    'max-time': String(PATIENCE),
    'data-urlencode': `q=${statement}`,
    ...(user === undefined ? {} : { user: `${user}:${password ?? ''}` }),
  }
  return curlInput(settings)
}

function parseAnswer({ exitCode, stdout, stderr }: Output): Series[] {
  if (exitCode === 127) {
    throw new UserError('no-influxdb', 'This machine has no curl, by which InfluxDB is asked.', {
      hint: 'Install curl with pkg.installed, and require that state here.',
    })
  }
  if (exitCode !== 0) {
    throw new UserError('no-influxdb', `InfluxDB does not answer: ${stderr.trim()}`, {
      hint: `Let the state require the service influxdb; its log: journalctl -u ${UNIT}`,
    })
  }
  const answer = parsed(stdout)
  const results = listIn(answer, 'results')
  const error = [answer, ...results].map(({ error }) => error).find((each) => typeof each === 'string')
  if (error !== undefined) throw new UserError('influxdb-refused', `InfluxDB says: ${error}`)
  return results.flatMap((result) => listIn(result, 'series').map(seriesOf))
}

function parsed(stdout: string): DataMap {
  try {
    const data = JSON.parse(stdout) as Data
    if (isMap(data)) return data
  } catch {
    // Told below.
  }
  throw new UserError('influxdb-refused', `InfluxDB answers no JSON: ${stdout.slice(0, 200)}`)
}

function seriesOf(series: DataMap): Series {
  const columns = Array.isArray(series['columns']) ? series['columns'].map(String) : []
  const values = Array.isArray(series['values']) ? series['values'].filter(Array.isArray) : []
  const rows = values.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])))
  const tags = series['tags']
  return { name: textIn(series, 'name'), tags: tags !== undefined && isMap(tags) ? tags : {}, rows }
}

function listIn(map: DataMap, key: string): DataMap[] {
  const list = map[key]
  return Array.isArray(list) ? list.filter(isMap) : []
}

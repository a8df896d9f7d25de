import { request, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { Data } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { Address } from '../config/config.ts'
import type { Identity } from '../identity/identity.ts'
import { connectionFailed } from './failure.ts'
import { trust } from './trust.ts'

/** How long the master may be silent within one request, in milliseconds. */
const SILENT_MS = 60_000

/** A file of the master's, with this minion's certificate. */
export async function getBytes(address: Address, path: string, identity: Identity): Promise<Uint8Array> {
  const answer = await send(address, { path, method: 'GET', ...trust(identity.ca, identity) })
  if (answer.status === 200) return answer.body
  throw new UserError('file-not-given', `The master does not give out ${path}: ${wordsOf(answer)}.`, {
    hint: 'A minion gets only the files that its own low state names.',
  })
}

/** JSON from the master, with this minion's certificate. Errors of the master are thrown. */
export async function getJson(address: Address, path: string, identity: Identity): Promise<Data> {
  return dataIn(path, await send(address, { path, method: 'GET', ...trust(identity.ca, identity) }))
}

/**
 * JSON to the master and back; who joins has no certificate of its own yet. Errors of the master are thrown.
 */
export async function postJson(
  address: Address,
  path: string,
  { ca, ...own }: { ca: string } & Partial<Identity>,
  body: object,
): Promise<Data> {
  const content = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }
  const { key, certificate } = own
  const tls = key === undefined || certificate === undefined ? trust(ca) : trust(ca, { key, certificate })
  return dataIn(path, await send(address, { path, method: 'POST', headers, ...tls }, content))
}

function dataIn(path: string, answer: Answer): Data {
  const data = parse(answer.body)
  if (answer.status === 200 && data !== undefined) return data
  throw errorIn(data) ?? new UserError('master-refused', `The master refused ${path}: ${wordsOf(answer)}.`)
}

interface Answer {
  status: number
  body: Buffer
}

async function send(address: Address, options: RequestOptions, content?: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const asked = request({ ...address, agent: false, timeout: SILENT_MS, ...options }, resolve)
  asked.once('timeout', () => asked.destroy(new Error(`no answer within ${SILENT_MS / 1000} s`)))
  asked.once('error', reject)
  asked.end(content)
  try {
    const response = await promise
    const pieces: Buffer[] = []
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece)
    return { status: response.statusCode ?? 0, body: Buffer.concat(pieces) }
  } catch (error) {
    throw connectionFailed(address, error)
  }
}

function parse(body: Buffer): Data | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as Data
  } catch {
    return undefined
  }
}

/** `{ errors: [ErrorData] }`, as the master's other answers have it too. */
function errorIn(data: Data | undefined): UserError | undefined {
  const [first] = isMap(data) && Array.isArray(data['errors']) ? data['errors'] : []
  if (!isMap(first) || typeof first['code'] !== 'string' || typeof first['message'] !== 'string') return undefined
  const hint = typeof first['hint'] === 'string' ? first['hint'] : undefined
  return new UserError(first['code'], first['message'], { hint })
}

function wordsOf({ status, body }: Answer): string {
  return errorIn(parse(body))?.message ?? `status ${status}`
}

import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { EnrollAnswer, Hello, ToMaster, ToMinion } from '../../core/protocol/messages.ts'
import type { Answerers, Channel } from '../../core/protocol/channel.ts'
import { makeKey } from '../../minion/identity/key.ts'
import { makeRequest } from '../../minion/identity/request.ts'
import { dial } from '../../minion/link/dial.ts'

export interface TestIdentity {
  id: string
  key: string
  certificate: string
  ca: string
}

export interface HttpAnswer {
  status: number
  body: string
}

/** One HTTPS request to the master; the server's certificate is not what these tests are about. */
export async function ask(
  port: number,
  path: string,
  options: { body?: string; identity?: Pick<TestIdentity, 'key' | 'certificate'>; method?: string } = {},
): Promise<HttpAnswer> {
  const { body, identity } = options
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const asked = request(
    {
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      rejectUnauthorized: false,
      ...(identity === undefined ? {} : { key: identity.key, cert: identity.certificate }),
    },
    resolve,
  )
  asked.once('error', reject)
  asked.end(body)
  const response = await promise
  const pieces: Buffer[] = []
  for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece)
  return { status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString() }
}

export async function newKey(): Promise<string> {
  return makeKey(2048)
}

export async function enroll(
  port: number,
  id: string,
  options: { key?: string; token?: string; named?: string } = {},
): Promise<{ answer: EnrollAnswer; key: string }> {
  const key = options.key ?? (await newKey())
  const { body } = await ask(port, '/enroll', {
    body: JSON.stringify({
      id,
      request: makeRequest(options.named ?? id, key),
      ...(options.token === undefined ? {} : { token: options.token }),
    }),
  })
  return { answer: JSON.parse(body) as EnrollAnswer, key }
}

/** Joins with a token; fails when it is not let in. */
export async function join(port: number, id: string, token: string): Promise<TestIdentity> {
  const { answer, key } = await enroll(port, id, { token })
  if (answer.state !== 'accepted') throw new Error(JSON.stringify(answer))
  return { id, key, certificate: answer.certificate, ca: answer.ca }
}

export type MasterChannel = Channel<ToMaster, ToMinion>

export async function connect(
  port: number,
  identity: TestIdentity,
  answerers: Partial<Answerers<ToMinion>> = {},
): Promise<MasterChannel> {
  return dial({
    address: { host: '127.0.0.1', port },
    identity,
    answerers: {
      job: async () => ({ received: true, position: 0 }),
      'job.cancel': async () => ({ known: true }),
      refresh: async () => ({ mine: {} }),
      ...answerers,
    },
    onBug: (error) => {
      throw error
    },
    signal: new AbortController().signal,
  })
}

export function hello(more: Partial<Hello> = {}): Hello {
  return { version: '1', catalog: 'c', functions: ['test.ping'], grains: { os: 'Debian' }, jobs: [], ...more }
}

export const SOON = { timeoutMs: 20_000 }

import type { IncomingMessage, ServerResponse } from 'node:http'
import { UserError, userErrorsOf, type ErrorData } from '../../core/errors.ts'

/** Reads a bounded body as JSON; throws the `UserError`s `too-large` and `bad-json`. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new UserError('too-large', `The request is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new UserError('bad-json', 'The request is no JSON.')
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text)
}

export function sendErrors(response: ServerResponse, status: number, errors: readonly ErrorData[]): void {
  sendJson(response, status, { errors })
}

/** The errors of a thrown value as they are told: a bug is told as such, its stack stays in our log. */
export function toldErrors(thrown: unknown): { status: 400 | 500; errors: ErrorData[] } {
  const errors = userErrorsOf(thrown)
  if (errors !== undefined) return { status: 400, errors: errors.map((error) => error.toJSON()) }
  return {
    status: 500,
    errors: [{ code: 'bug', message: 'This is a bug of Butler: see its log on the machine that answered.' }],
  }
}

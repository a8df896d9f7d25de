import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:net'
import type { z } from 'zod'
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

/** The body in the schema's shape, or a `UserError` that names what does not fit; `what` says what it is meant to be. */
export function checkedBody<Body>(schema: z.ZodType<Body>, body: unknown, what: string): Body {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `'${issue.path.join('.')}': `
  throw new UserError('bad-request', `The ${what} is not what it should be: ${where}${issue?.message ?? ''}.`)
}

/** Where a server listens; 0 when it does not. */
export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Why a server can't listen, as a person would say it. `who` is at the sentence's beginning, `file` has the settings. */
export function cannotListen(
  who: string,
  host: string | undefined,
  port: number,
  error: unknown,
  file: string,
): UserError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const says = code === 'EADDRINUSE' ? 'something listens there already' : String(error)
  return new UserError('cannot-listen', `${who} can't listen on ${host ?? 'any address'}, port ${port}: ${says}.`, {
    hint: `Change where it listens in ${file}, or end the other program.`,
    cause: error,
  })
}

import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { Layout } from '../../core/cli/layout.ts'
import { UserError, UserErrors, type ErrorData } from '../../core/errors.ts'
import type { Operations, Streams } from './contract.ts'
import { socketPath } from '../../core/cli/socket.ts'

/** The master of this machine, as the operator's programs ask it. */
export interface Api {
  /** Throws what the master says as `UserError`s, and `no-master` or `not-allowed` when it can't be asked. */
  call<Name extends keyof Operations>(name: Name, input: Operations[Name]['input']): Promise<Operations[Name]['output']>
  /** Each answer as it comes. Ends quietly when the signal is aborted. */
  stream<Name extends keyof Streams>(
    name: Name,
    input: Streams[Name]['input'],
    signal: AbortSignal,
  ): AsyncIterable<Streams[Name]['output']>
}

/** Nothing is opened yet: each call makes its own connection. */
export function connect(layout: Layout): Api {
  const path = socketPath(layout, 'master')
  return {
    call: async (name, input) => {
      const response = await send(path, name, input)
      const body = parse(await textOf(response, path))
      if (response.statusCode === 200) return body as Operations[typeof name]['output']
      throw errorsIn(body)
    },
    stream: (name, input, signal) => lines(path, name, input, signal),
  }
}

async function* lines<Name extends keyof Streams>(
  path: string,
  name: Name,
  input: Streams[Name]['input'],
  signal: AbortSignal,
): AsyncGenerator<Streams[Name]['output']> {
  try {
    const response = await send(path, name, input, signal)
    if (response.statusCode !== 200) throw errorsIn(parse(await textOf(response, path)))
    for await (const line of createInterface({ input: response })) {
      const item = parse(line)
      if (hasErrors(item)) throw errorsIn(item)
      yield item as Streams[Name]['output']
    }
    if (!response.complete) throw gone(path)
  } catch (error) {
    if (signal.aborted) return
    throw isConnectionError(error) ? gone(path) : error
  }
}

async function send(path: string, name: string, input: unknown, signal?: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const body = JSON.stringify(input)
  const asked = request(
    {
      socketPath: path,
      agent: false,
      method: 'POST',
      path: `/api/v1/${name}`,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      ...(signal === undefined ? {} : { signal }),
    },
    resolve,
  )
  asked.once('error', (error) => reject(signal?.aborted === true ? error : notReached(path, error)))
  asked.end(body)
  return promise
}

async function textOf(response: IncomingMessage, path: string): Promise<string> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece)
  } catch {
    throw gone(path)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** What the master of our own release wrote. */
function parse(text: string): unknown {
  return JSON.parse(text)
}

function hasErrors(body: unknown): body is { errors: ErrorData[] } {
  return typeof body === 'object' && body !== null && 'errors' in body && Array.isArray(body.errors)
}

function errorsIn(body: unknown): Error {
  const errors = hasErrors(body) ? body.errors.map((error) => UserError.fromData(error)) : []
  const [first] = errors
  // A bug is the master's, with its stack in the master's log: to whom asked it is an error like any other.
  if (first === undefined) return new Error('The master answered with an error that is none.')
  return errors.length === 1 ? first : new UserErrors(errors)
}

function notReached(path: string, error: Error): UserError {
  const code = 'code' in error ? error.code : undefined
  if (code === 'EACCES' || code === 'EPERM') {
    return new UserError('not-allowed', `You may not open the master's socket ${path}.`, {
      hint: 'Run it as root, or as a member of the group butler.',
      cause: error,
    })
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') return gone(path)
  return new UserError('no-master', `The master does not answer at ${path}.`, {
    hint: 'Start it with: butler-master start',
    cause: error,
  })
}

function gone(path: string): UserError {
  return new UserError('master-gone', `The master at ${path} ended before it had answered.`, {
    hint: 'What it had stored goes on when it is back: butler-master jobs list',
  })
}

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'ABORT_ERR')
}

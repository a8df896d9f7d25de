import { once } from 'node:events'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { UserError, UserErrors, stackOf } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Log } from '../log.ts'
import type { Handlers, StreamHandlers } from './contract.ts'
import { readJson, sendErrors, sendJson, toldErrors } from '../../core/protocol/http.ts'
import { inputs, streamInputs } from './inputs.ts'

export interface ApiOptions {
  /** Of the local socket. Who may open it is its file permission: the master's user and group. */
  path: string
  handlers: Handlers
  streams: StreamHandlers
  log: Log
}

const MAX_BODY = 16 * 1024 * 1024
const PREFIX = '/api/v1/'

type Answer = (input: unknown) => Promise<unknown>
type Tell = (input: unknown, signal: AbortSignal) => AsyncIterable<unknown>

/** What the operator's programs on this machine ask: one HTTP request for each operation. */
export class ApiServer {
  readonly #server: Server
  readonly #log: Log
  readonly #answers: ReadonlyMap<string, Answer>
  readonly #tells: ReadonlyMap<string, Tell>
  readonly #closing = new AbortController()

  private constructor(options: ApiOptions) {
    this.#log = options.log
    this.#answers = answersOf(options.handlers)
    this.#tells = tellsOf(options.streams)
    // A compile or an update of the sources takes its time.
    this.#server = createServer({ requestTimeout: 0 }, (request, response) => void this.#handle(request, response))
  }

  static async open(options: ApiOptions): Promise<ApiServer> {
    mkdirSync(dirname(options.path), { recursive: true, mode: 0o755 })
    // What a killed master left. Another living one is ruled out by the lock on the data folder.
    rmSync(options.path, { force: true })
    const api = new ApiServer(options)
    const listening = once(api.#server, 'listening')
    api.#server.listen(options.path)
    await listening
    chmodSync(options.path, 0o660)
    return api
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#closing.abort()
    this.#server.close()
    this.#server.closeIdleConnections()
    const patience = setTimeout(() => this.#server.closeAllConnections(), PATIENCE_MS)
    await closed
    clearTimeout(patience)
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = request.url?.startsWith(PREFIX) === true ? request.url.slice(PREFIX.length) : ''
    try {
      if (request.method !== 'POST') throw new UserError('not-found', `Ask by POST ${PREFIX}<name>.`)
      const input = await readJson(request, MAX_BODY)
      const tell = this.#tells.get(name)
      if (tell === undefined) sendJson(response, 200, (await this.#answer(name)(input)) ?? null)
      else await this.#stream(tell, input, response)
    } catch (thrown) {
      this.#failed(name, thrown, response)
    }
  }

  #answer(name: string): Answer {
    const answer = this.#answers.get(name)
    if (answer !== undefined) return answer
    const hint = suggest(name, [...this.#answers.keys(), ...this.#tells.keys()])
    throw new UserError('unknown-operation', `The master knows no operation '${name}'.`, { hint })
  }

  async #stream(tell: Tell, input: unknown, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    for await (const item of tell(input, AbortSignal.any([gone.signal, this.#closing.signal]))) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      // Whoever reads slowly gets it slowly: the rest stays in the store.
      if (!response.write(`${JSON.stringify(item)}\n`) && !gone.signal.aborted) {
        await Promise.race([once(response, 'drain'), once(response, 'close')])
      }
    }
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    // A reader must not take the end of the master for the end of the job.
    if (this.#closing.signal.aborted) response.write(`${JSON.stringify({ errors: [masterEnds().toJSON()] })}\n`)
    response.end()
  }

  #failed(name: string, thrown: unknown, response: ServerResponse): void {
    const { status, errors } = toldErrors(thrown)
    if (status === 500) this.#log.error(`'${name}' met a bug`, { error: stackOf(thrown) })
    if (!response.headersSent) sendErrors(response, status, errors)
    else response.end(`${JSON.stringify({ errors })}\n`)
  }
}

/** How long a running request may go on when the master ends, in milliseconds. */
const PATIENCE_MS = 3000

/** The operator, since the socket's file permission let them in. */
const CALLER = { name: 'operator' }

function answersOf(handlers: Handlers): ReadonlyMap<string, Answer> {
  return new Map(
    namesOf(inputs).map((name) => {
      // Name by name the schema makes what the handler takes; the compiler can't follow that through a map.
      const handler = handlers[name] as (input: unknown, caller: typeof CALLER) => Promise<unknown>
      return [name, async (input) => handler(checked(name, inputs[name] as z.ZodType, input), CALLER)]
    }),
  )
}

function tellsOf(streams: StreamHandlers): ReadonlyMap<string, Tell> {
  return new Map(
    namesOf(streamInputs).map((name) => [
      name,
      (input, signal) => streams[name](checked(name, streamInputs[name], input), signal),
    ]),
  )
}

function namesOf<Name extends string>(map: Readonly<Record<Name, unknown>>): Name[] {
  // The keys of a literal of ours.
  return Object.keys(map) as Name[]
}

function checked<Input>(name: string, schema: z.ZodType<Input>, input: unknown): Input {
  const read = schema.safeParse(input)
  if (read.success) return read.data
  throw new UserErrors(
    read.error.issues.map((issue) => {
      const where = issue.path.length === 0 ? '' : ` at '${issue.path.map(String).join('.')}'`
      return new UserError('bad-input', `The input of '${name}' is wrong${where}: ${issue.message}.`)
    }),
  )
}

function masterEnds(): UserError {
  return new UserError('master-ends', 'The master is being stopped; the job goes on.', {
    hint: 'Watch it again when the master is back: butler-master jobs watch JID.',
  })
}

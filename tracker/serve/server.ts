import { constants } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { TLSSocket } from 'node:tls'
import { stackOf, UserError } from '../../core/errors.ts'
import { cannotListen, portOf, sendErrors, toldErrors } from '../../core/protocol/http.ts'
import type { ServeConfig } from '../config.ts'
import { routeOf, type Services } from './routes.ts'

/** How long a request may take to arrive, in milliseconds. */
const REQUEST_MS = 30_000

interface Options {
  config: ServeConfig
  services: Services
  say(line: string): void
}

/**
 * The TLS port that tasks report to. Anybody may ask whether it is well; all else needs a certificate of the cluster's CA,
 * and what belongs to a run its token too.
 */
export class TrackerServer {
  readonly #options: Options
  readonly #server: Server

  private constructor(options: Options, server: Server) {
    this.#options = options
    this.#server = server
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#handle(request, response))
    server.on('tlsClientError', (_error, socket) => socket.destroy())
  }

  static async open(options: Options): Promise<TrackerServer> {
    const { host, port } = options.config
    const server = createServer({
      ...(await credentialsOf(options.config)),
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      requestCert: true,
      rejectUnauthorized: false,
    })
    const opened = new TrackerServer(options, server)
    try {
      const listening = once(server, 'listening')
      server.listen({ port, ...(host === undefined ? {} : { host }) })
      await listening
    } catch (error) {
      throw cannotListen('The tracker', host, port, error, 'tracker.yaml')
    }
    return opened
  }

  get port(): number {
    return portOf(this.#server)
  }

  /** Shows itself by what its files hold now, to those who connect from here on. */
  async renew(): Promise<void> {
    this.#server.setSecureContext(await credentialsOf(this.#options.config))
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '', 'https://tracker')
    const path = (url?.pathname ?? '').split('/').filter(Boolean).map(decoded)
    try {
      const route = routeOf(request.method ?? '', path)
      if (route === undefined) {
        sendErrors(response, 404, [{ code: 'not-found', message: 'There is nothing here.' }])
      } else if (route.isPublic || isMember(request)) {
        await route.answer(this.#options.services, request, response)
      } else {
        const message = "A certificate of this cluster's CA is needed."
        sendErrors(response, 401, [{ code: 'not-admitted', message }])
      }
    } catch (thrown) {
      this.#fail(request, response, thrown)
    }
  }

  #fail(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    if (response.headersSent) {
      response.destroy()
      return
    }
    response.setHeader('connection', 'close')
    const away = this.#options.services.away(thrown)
    if (away !== undefined) return sendErrors(response, 503, [away.toJSON()])
    const { status, errors } = toldErrors(thrown)
    if (status === 500) this.#options.say(`${request.url ?? ''} met a bug: ${stackOf(thrown)}`)
    if (errors.some(({ code }) => code.startsWith('unknown-'))) sendErrors(response, 404, errors)
    else sendErrors(response, status, errors)
  }
}

async function credentialsOf({ keyFile, certificateFile, caFile }: ServeConfig): Promise<object> {
  const [key, cert, ca] = await Promise.all(
    [keyFile, certificateFile, caFile].map((file) =>
      readFile(file).catch((error: unknown) => {
        throw new UserError('unreadable', `The file ${file} can't be read: ${String(error)}.`, {
          hint: "'serve' and 'ca_file' in tracker.yaml name what the server shows itself by.",
          cause: error,
        })
      }),
    ),
  )
  return {
    key,
    cert,
    ca,
    minVersion: 'TLSv1.3',
    // Each connection shows its certificate anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
  }
}

function isMember({ socket }: IncomingMessage): boolean {
  return socket instanceof TLSSocket && socket.authorized
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

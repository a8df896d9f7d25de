import { constants } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { TLSSocket } from 'node:tls'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { stackOf } from '../../core/errors.ts'
import { WIRE } from '../../core/protocol/wire.ts'
import type { Files } from '../files/files.ts'
import type { Connections, Peer } from '../fleet/connections.ts'
import type { InstallFolder } from '../install/install.ts'
import type { Log } from '../log.ts'
import type { ServerCredentials } from '../pki/authority.ts'
import type { Enrolment } from '../pki/enrolment.ts'
import { fingerprintOf } from '../pki/key.ts'
import type { Keys } from '../pki/keys.ts'
import type { MayHave, ServicesAuthority } from '../pki/services.ts'
import {
  cannotListen,
  checkedBody,
  portOf,
  readJson,
  sendErrors,
  sendJson,
  toldErrors,
} from '../../core/protocol/http.ts'
import { Limit } from './limit.ts'

export interface PortOptions {
  listen: string | undefined
  /** Tried in this order; 0 is any free one. Never empty. */
  ports: readonly number[]
  credentials: ServerCredentials
  keys: Keys
  enrolment: Enrolment
  connections: Connections
  files: Files
  services: ServicesAuthority
  mayCertify: MayHave
  install: InstallFolder
  log: Log
}

const MAX_STRANGERS_BODY = 64 * 1024
/** How long a handshake may take, while a whole cluster comes back at once, and a request, in milliseconds. */
const HANDSHAKE_MS = 60_000
const REQUEST_MS = 30_000

const certifyRequest = z.object({ request: z.string(), names: z.array(z.string().max(253)).max(100) })

const enrollRequest = z.object({
  id: z.string(),
  request: z.string(),
  token: z.string().max(200).exactOptional(),
})

/**
 * The one TLS port. Anybody may open a connection; what it may reach is decided for each request by its certificate and
 * by what the keys say of it at that moment. Without one there is `/install`, `/enroll` and `/renew`.
 */
export class Port {
  readonly #options: PortOptions
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ ...WIRE, noServer: true })
  /** All of them, also those that have not got beyond the handshake. */
  readonly #open = new Set<Socket>()
  readonly #strangers = new Limit({ burst: 60, everyMs: 1000 })

  private constructor(options: PortOptions) {
    this.#options = options
    this.#server = createServer(
      {
        ...secureContext(options.credentials),
        handshakeTimeout: HANDSHAKE_MS,
        headersTimeout: REQUEST_MS,
        requestTimeout: REQUEST_MS,
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => void this.#handle(request, response),
    )
    this.#server.on('connection', (socket: Socket) => {
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
    })
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy())
  }

  static async open(options: PortOptions): Promise<Port> {
    const port = new Port(options)
    const last = options.ports.at(-1)
    for (const number of options.ports) {
      try {
        await port.#listen(number)
        return port
      } catch (error) {
        if (number === last) throw cannotListen('The master', options.listen, number, error, 'master.yaml')
      }
    }
    throw new Error('No port was given.')
  }

  async #listen(port: number): Promise<void> {
    const { listen } = this.#options
    const listening = once(this.#server, 'listening')
    this.#server.listen({ port, ...(listen === undefined ? {} : { host: listen }) })
    await listening
  }

  get port(): number {
    return portOf(this.#server)
  }

  /** A renewed server certificate, for the connections to come. */
  renew(credentials: ServerCredentials): void {
    this.#server.setSecureContext(secureContext(credentials))
  }

  /** Takes no more connections, says goodbye to the minions, and cuts what is left. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    await this.#options.connections.close('the master is being stopped')
    this.#sockets.close()
    for (const socket of this.#open) socket.destroy()
    await closed
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response)
    } catch (thrown) {
      const { status, errors } = toldErrors(thrown)
      if (status === 500) this.#options.log.error(`${request.url ?? ''} met a bug`, { error: stackOf(thrown) })
      if (response.headersSent) response.destroy()
      else sendErrors(response.setHeader('connection', 'close'), status, errors)
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?')
    const asked = `${request.method ?? ''} ${path}`
    if (asked === 'POST /enroll') await this.#stranger(request, response, (body) => this.#enroll(body))
    else if (asked === 'POST /renew') await this.#stranger(request, response, (body) => this.#renew(body))
    else if (asked.startsWith('GET /install/')) await this.#install(path.slice('/install/'.length), response)
    else if (asked.startsWith('GET /files/')) await this.#file(path.slice('/files/'.length), request, response)
    else if (asked === 'GET /services-ca') this.#servicesCa(request, response)
    else if (asked === 'POST /certify') await this.#certify(request, response)
    else if (path === '/agent') sendErrors(response, 426, [{ code: 'websocket', message: '/agent is a websocket.' }])
    else sendErrors(response, 404, [{ code: 'not-found', message: 'There is nothing here.' }])
  }

  async #stranger(
    request: IncomingMessage,
    response: ServerResponse,
    answer: (body: unknown) => Promise<{ body: object; good: boolean }>,
  ): Promise<void> {
    const address = request.socket.remoteAddress ?? ''
    if (!this.#strangers.take(address)) {
      const message = `Too many requests came from ${address}: try again in some seconds.`
      response.setHeader('retry-after', '10').setHeader('connection', 'close')
      sendErrors(response, 429, [{ code: 'too-many-requests', message }])
      return
    }
    const { body, good } = await answer(await readJson(request, MAX_STRANGERS_BODY))
    // A whole cluster may come from behind one address: who turns out to belong here does not count.
    if (good) this.#strangers.giveBack(address)
    sendJson(response, 200, body)
  }

  async #enroll(body: unknown): Promise<{ body: object; good: boolean }> {
    const answer = await this.#options.enrolment.enroll(checkedBody(enrollRequest, body, 'request'))
    return { body: answer, good: answer.state === 'accepted' }
  }

  async #renew(body: unknown): Promise<{ body: object; good: boolean }> {
    const { id, request } = checkedBody(enrollRequest, body, 'request')
    return { body: await this.#options.enrolment.renew(id, request), good: true }
  }

  async #install(name: string, response: ServerResponse): Promise<void> {
    const file = await this.#options.install.open(name)
    if (file === undefined) {
      sendErrors(response, 404, [{ code: 'not-found', message: `There is no ${name} to install.` }])
      return
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.size })
    // Whoever fetches it may go away at any time.
    await pipeline(file.stream, response).catch(() => {})
  }

  async #file(digest: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const peer = this.#admitted(request, response)
    if (peer === undefined) return
    const content = /^[0-9a-f]{64}$/u.test(digest) ? await this.#options.files.read(peer.id, digest) : undefined
    if (content === undefined) {
      sendErrors(response, 404, [{ code: 'not-found', message: 'No open job of this minion names such a file.' }])
      return
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length })
    response.end(content)
  }

  #servicesCa(request: IncomingMessage, response: ServerResponse): void {
    if (this.#admitted(request, response) === undefined) return
    sendJson(response, 200, { ca: this.#options.services.ca })
  }

  async #certify(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const peer = this.#admitted(request, response)
    if (peer === undefined) return
    const asked = checkedBody(certifyRequest, await readJson(request, MAX_STRANGERS_BODY), 'request')
    const { services, mayCertify } = this.#options
    sendJson(response, 200, { certificate: services.certify(peer.id, asked.request, asked.names, mayCertify) })
  }

  /** Whose request it is; a stranger gets his refusal. */
  #admitted(request: IncomingMessage, response: ServerResponse): Peer | undefined {
    const { peer, refusal } = this.#peerOf(request)
    if (peer === undefined) sendErrors(response, 401, [{ code: 'not-admitted', message: refusal }])
    return peer
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (request.url !== '/agent') {
      refuse(socket, '404 Not Found', 'there is nothing here')
      return
    }
    const { peer, refusal } = this.#peerOf(request)
    if (peer === undefined) {
      refuse(socket, '401 Unauthorized', refusal)
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (open) => this.#options.connections.attach(open, peer))
  }

  /** Who it is by its certificate; what a message says of itself never counts. */
  #peerOf(request: IncomingMessage): { peer: Peer; refusal?: never } | { peer?: never; refusal: string } {
    const { socket } = request
    if (!(socket instanceof TLSSocket)) return { refusal: 'it is no TLS connection' }
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) return { refusal: 'it shows no certificate' }
    if (!socket.authorized) return { refusal: `its certificate is not good: ${String(socket.authorizationError)}` }
    const id = /^CN=(.*)$/mu.exec(certificate.subject)?.[1] ?? ''
    if (!this.#options.keys.isAccepted(id, fingerprintOf(certificate.publicKey))) {
      return { refusal: `the key of '${id}' is not accepted (any more)` }
    }
    return { peer: { id, address: socket.remoteAddress ?? '' } }
  }
}

function secureContext(credentials: ServerCredentials): object {
  return {
    key: credentials.key,
    cert: credentials.certificate,
    ca: credentials.ca,
    minVersion: 'TLSv1.3',
    // Each connection shows its certificate anew: a resumed one would live on what was good once.
    secureOptions: constants.SSL_OP_NO_TICKET,
  }
}

/** In plain words, which is what the agent logs. */
function refuse(socket: Duplex, status: string, reason: string): void {
  const head = `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(reason)}`
  socket.end(`${head}\r\nconnection: close\r\n\r\n${reason}`)
}

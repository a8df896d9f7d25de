import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { Channel, type Answerers } from '../../core/protocol/channel.ts'
import type { ToMaster, ToMinion } from '../../core/protocol/messages.ts'
import { WIRE, wire, type WireOptions } from '../../core/protocol/wire.ts'
import { UserError } from '../../core/errors.ts'
import { formatAddress, type Address } from '../config/config.ts'
import type { Identity } from '../identity/identity.ts'
import { connectionFailed } from './failure.ts'
import { trust } from './trust.ts'

export type MasterChannel = Channel<ToMaster, ToMinion>

export interface DialOptions {
  address: Address
  identity: Identity
  answerers: Answerers<ToMinion>
  onBug: (error: unknown, type: string) => void
  wire?: WireOptions
  signal: AbortSignal
}

const HANDSHAKE_MS = 15_000

/** Connects once. The address is resolved anew each time, since a master may have moved. Throws `UserError`s. */
export async function dial(options: DialOptions): Promise<MasterChannel> {
  const { address, identity, answerers, onBug, signal } = options
  const { promise, resolve, reject } = Promise.withResolvers<MasterChannel>()
  const socket = new WebSocket(`wss://${formatAddress(address)}/agent`, [], {
    ...WIRE,
    ...trust(identity.ca, identity),
    handshakeTimeout: HANDSHAKE_MS,
  })
  const abort = (): void => socket.terminate()
  signal.addEventListener('abort', abort)
  socket.on('unexpected-response', (_, response) => {
    void refusal(address, response).then(reject)
  })
  socket.on('error', (error) => reject(connectionFailed(address, error)))
  // In the tick in which it opens: a message that comes at once must find its listener.
  socket.once('open', () => resolve(new Channel(wire(socket, options.wire), answerers, { onBug })))
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The master's own words when it does not let us in. */
async function refusal(address: Address, response: IncomingMessage): Promise<UserError> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    // The status says enough.
  }
  const words = Buffer.concat(chunks).toString('utf8').trim().slice(0, 300)
  const status = `${response.statusCode ?? ''} ${response.statusMessage ?? ''}`.trim()
  return new UserError(
    'not-admitted',
    `The master at ${formatAddress(address)} does not let us in: ${words || status}.`,
    {
      hint: "On the master, 'butler-master keys' shows what it thinks of this minion.",
    },
  )
}

import type { RawData, WebSocket } from 'ws'
import { UserError } from '../errors.ts'
import type { Transport } from './channel.ts'
import { MAX_FRAME } from './messages.ts'

/** For both ends of the websocket: `new WebSocket(url, [], WIRE)` and `new WebSocketServer({ ...WIRE })`. */
export const WIRE = { perMessageDeflate: false, maxPayload: MAX_FRAME } as const

export interface WireOptions {
  /** How often the other side is asked for a sign of life, in milliseconds. */
  pingMs?: number
  /** How long it may give none, before the connection counts as dead. */
  silentMs?: number
  /** How much may wait to be sent, in bytes, before the other side counts as one that does not read. */
  maxBuffered?: number
}

/** How long a closed websocket may take to say goodbye. */
const GOODBYE_MS = 2000

/**
 * An open websocket as a transport. Both ends send pings of their own, so that each notices a half-open connection:
 * a path that is gone is otherwise silent for ever. Call it in the tick in which the socket opened.
 */
export function wire(socket: WebSocket, options: WireOptions = {}): Transport {
  const { pingMs = 15_000, silentMs = 40_000, maxBuffered = 64 * MAX_FRAME } = options
  let cause: string | undefined

  const end = (reason: string): void => {
    if (cause !== undefined) return
    cause = reason
    socket.close(1000, closeReason(reason))
    setTimeout(() => socket.terminate(), GOODBYE_MS).unref()
  }
  const kill = (reason: string): void => {
    cause ??= reason
    socket.terminate()
  }

  return {
    send: (text) => {
      const bytes = Buffer.byteLength(text)
      if (bytes > MAX_FRAME) throw tooLarge(bytes)
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > maxBuffered) kill('the other side does not read what it is sent')
      else socket.send(text, () => {})
    },
    close: end,
    listen: ({ text, closed }) => {
      let heard = performance.now()
      const alive = (): void => {
        heard = performance.now()
      }
      const beat = setInterval(() => {
        const silent = performance.now() - heard
        if (silent > silentMs) kill(`no sign of life for ${Math.round(silent / 1000)} s`)
        else if (socket.readyState === socket.OPEN) socket.ping()
      }, pingMs)
      socket.on('ping', alive)
      socket.on('pong', alive)
      socket.on('message', (data, isBinary) => {
        alive()
        if (isBinary) end('received a binary frame')
        else if (cause === undefined) text(textOf(data))
      })
      socket.on('error', (error) => {
        cause ??= error.message
      })
      socket.once('close', (code, reason) => {
        clearInterval(beat)
        closed(cause ?? (reason.length > 0 ? reason.toString() : `closed with code ${code}`))
      })
    },
  }
}

function tooLarge(bytes: number): UserError {
  return new UserError(
    'frame-too-large',
    `A message of ${bytes} bytes is larger than the ${MAX_FRAME} that one may be.`,
  )
}

/** A close frame carries 123 bytes of reason at most. */
function closeReason(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= 123
    ? text
    : bytes
        .subarray(0, 120)
        .toString()
        .replace(/\uFFFD*$/u, '')
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}

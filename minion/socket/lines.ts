import type { Socket } from 'node:net'
import { UserError } from '../../core/errors.ts'
import type { Transport } from '../../core/protocol/channel.ts'

/** How large one message may be, in bytes: both ends are on this machine and belong to one user. */
const MAX_LINE = 64 * 1024 * 1024

/** A local socket as a transport: one frame a line. */
export function lines(socket: Socket): Transport {
  let cause: string | undefined
  return {
    send: (text) => {
      if (Buffer.byteLength(text) > MAX_LINE) throw new UserError('frame-too-large', 'A message is too large.')
      if (socket.writable) socket.write(`${text}\n`)
    },
    close: (reason) => {
      cause ??= reason
      socket.end()
    },
    listen: ({ text, closed }) => {
      let rest: Buffer[] = []
      socket.on('data', (piece: Buffer) => {
        const end = piece.lastIndexOf(0x0a)
        if (end < 0) {
          rest.push(piece)
          return
        }
        const whole = Buffer.concat([...rest, piece.subarray(0, end)]).toString('utf8')
        rest = [piece.subarray(end + 1)]
        for (const line of whole.split('\n')) text(line)
      })
      socket.on('error', (error) => {
        cause ??= error.message
      })
      socket.once('close', () => closed(cause ?? 'the other side is gone'))
    },
  }
}

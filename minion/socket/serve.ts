import { existsSync, mkdirSync, unlinkSync } from 'node:fs'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { Channel, type Answerers } from '../../core/protocol/channel.ts'
import { lines } from './lines.ts'
import type { FromAgent, ToAgent } from './messages.ts'

export type ClientChannel = Channel<FromAgent, ToAgent>

export interface Served {
  close(): Promise<void>
}

/**
 * Opens the local socket, for its owner alone. Who can open it may do what the agent may, so its file permission is the
 * only check. Also what keeps two agents from one spool: the second one finds the first one's socket answering.
 */
export async function serve(
  path: string,
  answerersFor: (client: () => ClientChannel) => Answerers<ToAgent>,
): Promise<Served> {
  if (await isAnswered(path)) {
    throw new UserError('already-running', `A minion with the socket ${path} runs already.`, {
      hint: "'butler-minion status' shows it.",
    })
  }
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) unlinkSync(path)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const channel: ClientChannel = new Channel<FromAgent, ToAgent>(
      lines(socket),
      answerersFor(() => channel),
    )
  })
  await listen(server, path)
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

/** The socket is made when `listen` is called, under the umask of that moment: nobody else can ever open it. */
async function listen(server: Server, path: string): Promise<void> {
  const before = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(before)
  }
  await once(server, 'listening')
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

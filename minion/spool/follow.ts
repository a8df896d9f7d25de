import { watch } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { LoggedEvent } from '../../core/run/event.ts'
import { wholeEvents } from './lines.ts'

/** When the system does not tell of a change (some file systems never do), we look ourselves, this often. */
const LOOK_MS = 500

/** How much is read at once, in bytes. */
const PIECE = 1024 * 1024

/**
 * The events of a job after number `after`, in batches as they are written, until `ended` or until the signal. The
 * writer may be another process, may die, and the file may be removed meanwhile: what was in it is still read.
 */
export async function* follow(
  file: string,
  options: { after: number; signal: AbortSignal },
): AsyncGenerator<readonly LoggedEvent[]> {
  const { after, signal } = options
  await using handle = await open(file, 'r')
  using news = watchFor(file, signal)
  for (let position = 0; !signal.aborted;) {
    news.forget()
    const { events, length } = wholeEvents(await readFrom(handle, position))
    position += length
    const fresh = events.filter((event) => event.seq > after)
    if (fresh.length > 0) yield fresh
    if (events.at(-1)?.event.type === 'ended') return
    if (length === 0) await news.next()
  }
}

async function readFrom(handle: FileHandle, position: number): Promise<Buffer> {
  for (let size = PIECE; ; size *= 2) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, position)
    const bytes = buffer.subarray(0, bytesRead)
    // One line that is longer than the piece: read again, more.
    if (bytesRead < size || bytes.includes(0x0a)) return bytes
  }
}

interface News extends Disposable {
  /** What happened until now is not news. */
  forget(): void
  /** Resolves when the file changed since `forget`, at the signal, or after a while anyway. */
  next(): Promise<void>
}

function watchFor(file: string, signal: AbortSignal): News {
  let heard = Promise.withResolvers<void>()
  const notice = (): void => heard.resolve()
  const watcher = watchQuietly(file, notice)
  signal.addEventListener('abort', notice)
  return {
    forget: () => {
      heard = Promise.withResolvers<void>()
    },
    next: async () => {
      const timer = setTimeout(notice, LOOK_MS)
      await heard.promise
      clearTimeout(timer)
    },
    [Symbol.dispose]: () => {
      watcher?.close()
      signal.removeEventListener('abort', notice)
    },
  }
}

function watchQuietly(file: string, notice: () => void): { close(): void } | undefined {
  try {
    return watch(file, notice).on('error', () => {})
  } catch {
    // No watches left, or none on this file system: the timer does it.
    return undefined
  }
}

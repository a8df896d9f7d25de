import { UserError } from '../../core/errors.ts'
import { inflated } from './decompress.ts'
import { type Entry, octal, safePath } from './entry.ts'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const SYMLINK = 0o120000
const KIND = 0o170000

/** The entries of a zip archive, from the directory at its end. Throws when it is none. */
export async function readZip(bytes: Uint8Array): Promise<Entry[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endOf(view)
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const entries: Entry[] = []
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw damaged()
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const entry = await entryOf(bytes, view, at, name)
    if (entry.path !== '') entries.push(entry)
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}

async function entryOf(bytes: Uint8Array, view: DataView, at: number, name: string): Promise<Entry> {
  const unixMode = view.getUint32(at + 38, true) >>> 16
  const isFolder = name.endsWith('/')
  const common = {
    path: safePath(name.replaceAll('\\', '/')),
    mode: octal(unixMode === 0 ? (isFolder ? 0o755 : 0o644) : unixMode),
    content: () => contentOf(bytes, view, at, name),
  }
  if (isFolder) return { ...common, type: 'directory' }
  if ((unixMode & KIND) !== SYMLINK) return { ...common, type: 'file' }
  return { ...common, type: 'symlink', target: new TextDecoder().decode(await common.content()) }
}

async function contentOf(bytes: Uint8Array, view: DataView, at: number, name: string): Promise<Uint8Array> {
  const method = view.getUint16(at + 10, true)
  const size = view.getUint32(at + 20, true)
  const header = view.getUint32(at + 42, true)
  if (size === 0xffffffff || header === 0xffffffff) {
    throw new UserError('not-supported', `'${name}' in the zip archive is larger than 4 GiB.`, {
      hint: 'Use a tar archive.',
    })
  }
  // the local header has lengths of its own
  const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true)
  const packed = bytes.subarray(start, start + size)
  if (method === 0) return packed
  if (method === 8) return inflated(packed, 'deflate-raw')
  throw new UserError('not-supported', `'${name}' in the zip archive is packed by method ${method}.`, {
    hint: 'Only stored and deflated files can be unpacked.',
  })
}

function endOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === END) return at
  }
  throw damaged()
}

function damaged(): UserError {
  return new UserError('bad-archive', 'The archive is no zip archive, or it is damaged.')
}

import { UserError } from '../../core/errors.ts'
import { type Entry, octal, safePath } from './entry.ts'

const BLOCK = 512

/** The entries of a tar archive: ustar, with the long names of pax and GNU. Throws when it is none. */
export function readTar(bytes: Uint8Array): Entry[] {
  const entries: Entry[] = []
  let more: Record<string, string> = {}
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) break
    requireChecksum(header)
    const size = more['size'] === undefined ? numberAt(header, 124, 12) : Number(more['size'])
    const body = bytes.subarray(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const kind = textAt(header, 156, 1)
    const extra = extraOf(kind, body)
    if (extra !== undefined) {
      more = { ...more, ...extra }
      continue
    }
    const entry = entryOf(kind, header, body, more)
    if (entry !== undefined && entry.path !== '') entries.push(entry)
    more = {}
  }
  return entries
}

/** What a header says about the entry that follows it; nothing when it is an entry itself. */
function extraOf(kind: string, body: Uint8Array): Record<string, string> | undefined {
  if (kind === 'L') return { path: untilZero(body) }
  if (kind === 'K') return { linkpath: untilZero(body) }
  if (kind === 'x') return paxRecords(body)
  return kind === 'g' ? {} : undefined
}

function entryOf(kind: string, header: Uint8Array, body: Uint8Array, more: Record<string, string>): Entry | undefined {
  const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : ''
  const name = more['path'] ?? (prefix === '' ? '' : `${prefix}/`) + textAt(header, 0, 100)
  const target = more['linkpath'] ?? textAt(header, 157, 100)
  const common = { path: safePath(name), mode: octal(numberAt(header, 100, 8)), content: () => Promise.resolve(body) }
  if (kind === '5' || name.endsWith('/')) return { ...common, type: 'directory' }
  if (kind === '' || kind === '0' || kind === '7') return { ...common, type: 'file' }
  if (kind === '2') return { ...common, type: 'symlink', target }
  if (kind === '1') return { ...common, type: 'link', target: safePath(target) }
  // devices and pipes have no place in what is installed
  return undefined
}

/** `<length> key=value\n`, the length in bytes of the whole record. */
function paxRecords(body: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {}
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at)
    const length = Number(decode(body.subarray(at, space)))
    if (space === -1 || !(length > 0)) break
    const record = decode(body.subarray(space + 1, at + length - 1))
    const equals = record.indexOf('=')
    found[record.slice(0, equals)] = record.slice(equals + 1)
    at += length
  }
  return found
}

function requireChecksum(header: Uint8Array): void {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0)
  if (sum === numberAt(header, 148, 8)) return
  throw new UserError('bad-archive', 'The archive is no tar archive, or it is damaged.')
}

/** Octal digits; large numbers are binary, marked by the first bit. */
function numberAt(header: Uint8Array, start: number, length: number): number {
  const field = header.subarray(start, start + length)
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((total, byte) => total * 256 + byte, 0)
  return Number.parseInt(untilZero(field).trim() || '0', 8)
}

function textAt(header: Uint8Array, start: number, length: number): string {
  return untilZero(header.subarray(start, start + length))
}

function untilZero(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return decode(end === -1 ? bytes : bytes.subarray(0, end))
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

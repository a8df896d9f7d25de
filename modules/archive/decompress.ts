import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'

/** Programs for what this runtime can't unpack itself, by the first bytes of what they pack. */
const PROGRAMS: readonly { magic: readonly number[]; program: string }[] = [
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], program: 'xz' },
  { magic: [0x42, 0x5a, 0x68], program: 'bzip2' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], program: 'zstd' },
]

/** The bytes themselves, or what is packed in them by gzip, xz, bzip2 or zstd. */
export async function decompressed(view: View, bytes: Uint8Array): Promise<Uint8Array> {
  if (startsWith(bytes, [0x1f, 0x8b])) return inflated(bytes, 'gzip')
  const packed = PROGRAMS.find(({ magic }) => startsWith(bytes, magic))
  return packed === undefined ? bytes : throughProgram(view, bytes, packed.program)
}

export async function inflated(bytes: Uint8Array, format: 'gzip' | 'deflate-raw'): Promise<Uint8Array> {
  try {
    const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream(format))
    return new Uint8Array(await new Response(stream).arrayBuffer())
  } catch (cause) {
    throw new UserError('bad-archive', 'The archive is damaged: it can not be unpacked.', { cause })
  }
}

/** Text is all that programs are given and asked for here, so the bytes travel as base64. */
async function throughProgram(view: View, bytes: Uint8Array, program: string): Promise<Uint8Array> {
  const input = toBase64(bytes)
  const { exitCode, stdout, stderr } = await view.shell(`base64 -d | ${program} -d -c | base64`, { input })
  if (exitCode === 0 && stdout !== '') return fromBase64(stdout)
  throw new UserError('not-unpacked', `The archive could not be unpacked by ${program}: ${stderr.trim()}`, {
    hint: `Make sure that ${program} is installed.`,
  })
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}

function toBase64(bytes: Uint8Array): string {
  const CHUNK = 0x8000
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  }
  return btoa(binary)
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll(/\s/gu, '')), (character) => character.codePointAt(0) ?? 0)
}

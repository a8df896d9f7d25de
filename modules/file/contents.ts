import { UserError } from '../../core/errors.ts'
import { lookup } from '../../core/module/lookup.ts'
import type { View } from '../../core/module/view.ts'
import { requireDigest, sourceDigest } from '../../core/module/source_hash.ts'

const ENCODINGS = ['utf-8', 'ascii', 'latin-1'] as const

export type Encoding = (typeof ENCODINGS)[number]

export { ENCODINGS }

/** Where a file's content may come from; one of them at most. */
export interface ContentWanted {
  source?: string | undefined
  source_hash?: string | undefined
  source_hash_name?: string | undefined
  skip_verify: boolean
  contents?: string | undefined
  contents_pillar?: string | undefined
  contents_grains?: string | undefined
  contents_delimiter: string
  allow_empty: boolean
  contents_newline: boolean
  encoding: Encoding
}

/**
 * The content that a file is to have; `undefined` when the state says nothing about it. `has` is what lies there now:
 * when it already has the wanted digest, nothing is fetched.
 */
export async function wantedContent(
  view: View,
  want: ContentWanted,
  has: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  if (want.source !== undefined) return fetched(view, want.source, want, has)
  const text = want.contents ?? dataText(view, want)
  return text === undefined ? undefined : encode(withNewlines(text, want.contents_newline), want.encoding)
}

/** Throws when two of the arguments say what the content is. */
export function requireOneContent(want: ContentWanted): void {
  const given = (['source', 'contents', 'contents_pillar', 'contents_grains'] as const).filter(
    (key) => want[key] !== undefined,
  )
  if (given.length < 2) return
  throw new UserError('two-contents', `${given.join(' and ')} both say what the file holds.`, {
    hint: 'Give only one of them.',
  })
}

async function fetched(
  view: View,
  source: string,
  want: ContentWanted,
  has: Uint8Array | undefined,
): Promise<Uint8Array> {
  const expected = await sourceDigest(view, source, want)
  if (expected !== undefined && has !== undefined && expected.fits(has)) return has
  const content = await view.fetch(source)
  if (expected !== undefined) requireDigest(source, content, expected)
  return content
}

function dataText(view: View, want: ContentWanted): string | undefined {
  const { contents_pillar: pillar, contents_grains: grains } = want
  const found =
    pillar !== undefined
      ? textAt(view.pillar, 'pillar', pillar, want.contents_delimiter)
      : grains !== undefined
        ? textAt(view.grains, 'grains', grains, want.contents_delimiter)
        : undefined
  if (found !== '' || want.allow_empty) return found
  throw new UserError('no-contents', `${pillar ?? grains} is empty, and \`allow_empty: false\` forbids that.`)
}

function textAt(data: View['pillar'], where: string, path: string, delimiter: string): string {
  const value = lookup(data, path, delimiter)
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map(String).join('\n')
  const found = value === undefined ? 'there is no such key' : 'it is not a text'
  throw new UserError('no-contents', `contents_${where}: ${path}: ${found} in the ${where}.`)
}

/** As Salt writes contents: every line ends with a newline, the last one too unless that is not wanted. */
function withNewlines(text: string, atEnd: boolean): string {
  const lines = text.replaceAll('\r\n', '\n')
  if (!atEnd) return lines.replace(/\n+$/u, '')
  return lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`
}

function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  const highest = encoding === 'ascii' ? 0x7f : 0xff
  return Uint8Array.from(text, (character) => {
    const point = character.codePointAt(0) ?? 0
    if (point > highest) {
      throw new UserError('not-encodable', `'${character}' can't be written in ${encoding}.`, {
        hint: 'Leave out `encoding`: utf-8 can write everything.',
      })
    }
    return point
  })
}

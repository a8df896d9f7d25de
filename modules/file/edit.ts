import { UserError } from '../../core/errors.ts'
import { followLinks } from '../../core/module/path.ts'
import type { View } from '../../core/module/view.ts'

/** A text file that a state edits: where it lies once links are followed, and what it holds. */
export interface Editable {
  at: string
  bytes: Uint8Array
  text: string
}

/** The text file at a path; `undefined` when nothing lies there. Throws when it is no text. */
export async function readEditable(view: View, name: string): Promise<Editable | undefined> {
  const { path: at, stat } = await followLinks(view, name)
  if (stat === undefined) return undefined
  const bytes = stat.type === 'file' ? await view.read(at) : undefined
  if (bytes === undefined) throw new UserError('not-a-file', `${name} is a ${stat.type}, not a file.`)
  return { at, bytes, text: decode(name, bytes) }
}

/** The text file at a path, which must exist, unless an earlier change makes it. */
export async function requireEditable(view: View, name: string): Promise<Editable> {
  const found = await readEditable(view, name)
  if (found !== undefined) return found
  view.missing({ kind: 'path', name })
  throw new UserError('no-file', `${name}: file not found`, {
    hint: 'Make it with file.managed, and require that state here.',
  })
}

/** The lines of a text without their ends; a newline at the end of the text makes no further line. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/u)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** The text with a newline at its end, unless it is empty. */
export function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Where lines stand one after the other among others; -1 when they do not. */
export function findLines(all: readonly string[], wanted: readonly string[]): number {
  if (wanted.length === 0) return 0
  return all.findIndex((_, start) => wanted.every((line, offset) => all[start + offset] === line))
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UserError('no-text', `${name} is no UTF-8 text, so its lines can't be edited.`)
  }
}

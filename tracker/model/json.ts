import type { Data } from '../../core/data.ts'
import type { Place } from '../../core/errors.ts'
import { UserError } from '../../core/errors.ts'

/** Reads JSON and says where it is wrong. A key that stands twice in one object is an error: one of the two would be lost. */
export function parseJson(text: string, file: string): Data {
  let value: Data
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new UserError('bad-json', `This is not JSON: ${reasonOf(error)}.`, { at: placeOfError(error, text, file) })
  }
  const double = doubleKey(text)
  if (double !== undefined) {
    throw new UserError('double-key', `'${double.key}' stands twice in the same object.`, {
      hint: 'Remove one of the two.',
      at: placeAt(text, double.offset, file),
    })
  }
  return value
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  // Node adds a piece of the text and the position; the place says that better.
  return message
    .replace(/, "(.|\n)*$/u, '')
    .replace(/ in JSON at position.*$/u, '')
    .replace(/ \(line.*$/u, '')
}

function placeOfError(error: unknown, text: string, file: string): Place {
  const position = /at position (?<offset>\d+)/u.exec(error instanceof Error ? error.message : '')?.groups?.['offset']
  return placeAt(text, position === undefined ? text.trimEnd().length : Number(position), file)
}

function placeAt(text: string, offset: number, file: string): Place {
  const before = text.slice(0, offset).split('\n')
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** Walks the tokens of a text that is known to be JSON. */
function doubleKey(text: string): { key: string; offset: number } | undefined {
  const open: (Set<string> | 'list')[] = []
  for (const token of text.matchAll(/(?<text>"(?:[^"\\]|\\.)*")(?<key>\s*:)?|[{}[\]]/gu)) {
    const [mark] = token
    if (mark === '{') open.push(new Set())
    else if (mark === '[') open.push('list')
    else if (mark === '}' || mark === ']') open.pop()
    else if (token.groups?.['key'] !== undefined) {
      const key = String(JSON.parse(token.groups['text'] ?? '""'))
      const keys = open.at(-1)
      if (keys instanceof Set && keys.size === keys.add(key).size) return { key, offset: token.index }
    }
  }
  return undefined
}

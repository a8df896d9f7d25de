import type { Data } from '../data.ts'
import { isMap } from '../data.ts'

/** Data as Salt's nested output shows it, one line each, `indent` blanks before. */
export function nestedLines(value: Data, indent: number): string[] {
  const blanks = ' '.repeat(indent)
  if (Array.isArray(value)) return value.flatMap((item) => itemLines(item, indent))
  if (!isMap(value))
    return scalarText(value)
      .split('\n')
      .map((line) => `${blanks}${line}`)
  const entries = Object.entries(value)
  return [
    `${blanks}----------`,
    ...entries.flatMap(([key, inner]) => [`${blanks}${key}:`, ...nestedLines(inner, indent + 4)]),
  ]
}

/** The answer of an execution function, below the id of who gave it. */
export function formatReturn(id: string, value: Data): string {
  return [`${id}:`, ...nestedLines(value, 4)].join('\n')
}

function itemLines(item: Data, indent: number): string[] {
  const blanks = ' '.repeat(indent)
  if (Array.isArray(item) || isMap(item)) return [`${blanks}|_`, ...nestedLines(item, indent + 2)]
  const [first = '', ...rest] = scalarText(item).split('\n')
  return [`${blanks}- ${first}`, ...rest.map((line) => `${blanks}  ${line}`)]
}

/** Salt's words for scalars, which are Python's. */
function scalarText(value: null | boolean | number | string): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

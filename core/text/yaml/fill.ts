import type { Scalar } from 'yaml'
import { UserError } from '../../errors.ts'
import type { Marked } from '../mapped.ts'
import { marksIn, replaceMarks } from '../mapped.ts'

/** How a scalar is written, and whether it stands inside brackets or braces. */
interface Written {
  type: Scalar['type']
  flow: boolean
}

/**
 * Puts template values into a scalar. A value that the YAML parser would have read as more than its text (a comment, a
 * key, the end of a quote, a new line) is an error, so that data never changes the structure of a state file.
 */
export function fillMarks(
  text: string,
  marked: readonly Marked[],
  written: Written,
): { text: string; error?: UserError } {
  const filled = replaceMarks(text, marked)
  const values = marksIn(text).flatMap((index) => marked[index] ?? [])
  const breaking =
    values.find((value) => breaks(value.text, written)) ?? (breaksPlain(filled, written) ? values[0] : undefined)
  return breaking === undefined ? { text: filled } : { text: filled, error: breaksLine(breaking, written) }
}

/** What a value alone must not hold. */
function breaks(value: string, { type }: Written): boolean {
  if (/[\n\r]/u.test(value)) return true
  if (type === 'QUOTE_DOUBLE') return /["\\]/u.test(value)
  return type === 'QUOTE_SINGLE' && value.includes("'")
}

/** What the whole of an unquoted scalar must not be. */
function breaksPlain(text: string, { type, flow }: Written): boolean {
  if (type !== 'PLAIN') return false
  return (
    text === '' ||
    text !== text.trim() ||
    /:(?:[ \t]|$)|[ \t]#|^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?:[ \t]|$)|---|\.\.\.)/u.test(text) ||
    (flow && /[,[\]{}]/u.test(text))
  )
}

function breaksLine(value: Marked, { type }: Written): UserError {
  const inner = value.written.replace(/^\{+~?\s*|\s*~?\}+$/gu, '')
  const argument = /\s/u.test(inner) ? `(${inner})` : inner
  const block = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
  const hint = block
    ? `Write {{indent 4 ${argument}}} with the number of spaces that the lines have here, or {{json ${argument}}}.`
    : `Write {{json ${argument}}} without quotes around it.`
  return new UserError(
    'breaks-yaml',
    `${value.written} is ${shown(value.text)}, which would break the YAML line it stands in.`,
    {
      hint,
      at: value.at,
    },
  )
}

function shown(text: string): string {
  const json = JSON.stringify(text.replaceAll(/[\uE0B0\uE0B1]/gu, '•'))
  return json.length > 80 ? `${json.slice(0, 76)}…"` : json
}

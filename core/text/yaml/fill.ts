import type { Scalar } from 'yaml'
import { UserError } from '../../errors.ts'
import type { Marked } from '../mapped.ts'
import { isOneMark, marksIn, replaceMarks } from '../mapped.ts'

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
  return breaking === undefined
    ? { text: filled }
    : { text: filled, error: breaksLine(breaking, written, isOneMark(text)) }
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

function breaksLine(value: Marked, { type }: Written, alone: boolean): UserError {
  const inner = value.written.replace(/^\{+~?\s*|\s*~?\}+$/gu, '')
  const argument = /\s/u.test(inner) ? `(${inner})` : inner
  const json = `{{json ${argument}}}`
  const hints = {
    block: `Write {{indent 4 ${argument}}} with the number of spaces that the lines have here, or ${json}.`,
    alone: `Write ${json} without quotes around it.`,
    part: `Put the whole text into pillar, or write ${json} where the value stands alone.`,
  }
  const where = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' ? 'block' : alone ? 'alone' : 'part'
  const message = `${value.written} is ${shown(value.text)}, which would break the YAML line it stands in.`
  return new UserError('breaks-yaml', message, { hint: hints[where], at: value.at })
}

function shown(text: string): string {
  const json = JSON.stringify(text.replaceAll(/[\uE0B0\uE0B1]/gu, '•'))
  return json.length > 80 ? `${json.slice(0, 76)}…"` : json
}

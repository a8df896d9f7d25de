import type { Place } from '../errors.ts'
import { formatPlace } from '../errors.ts'

/** A `UserError`, or one as data. */
interface Told {
  readonly message: string
  readonly hint?: string | undefined
  readonly at?: Place | undefined
}

/** `error: message`, its place with the line that stands there, and what to do. */
export function formatError({ message, hint, at }: Told, word: 'error' | 'warning' = 'error'): string {
  const lines = [`${word}: ${harmless(message)}`]
  if (at !== undefined) lines.push(`  at ${formatPlace(at)}`, ...excerpt(at))
  if (hint !== undefined) lines.push(`  ${harmless(hint)}`)
  return lines.join('\n')
}

/** How much of a long line is shown. */
const WIDTH = 100
/** How much of it before the column. */
const BEFORE = 60

/** The line, and a caret below the column. */
function excerpt({ line, column = 1, text }: Place): string[] {
  if (line === undefined || text === undefined || text.trim() === '') return []
  const begin = text.length > WIDTH ? Math.max(0, column - 1 - BEFORE) : 0
  const shown = printable(text.slice(begin, begin + WIDTH)).trimEnd()
  const [left, right] = [begin > 0 ? '…' : '', begin + WIDTH < text.length ? '…' : '']
  const margin = String(line)
  const caret = ' '.repeat(left.length) + blanksFor(printable(text.slice(begin, column - 1)))
  return [`  ${margin} | ${left}${shown}${right}`, `  ${' '.repeat(margin.length)} | ${caret}^`]
}

/** Nothing in a file may move the cursor or colour the screen; a tab stays, as the caret's line has it too. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, '·')
}

/** The same for text that may have several lines. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, '·')
}

/** As much room as the characters take on a terminal: two columns for wide ones, none for those that combine. */
function blanksFor(text: string): string {
  return Array.from(text, (one) => (one === '\t' ? one : ' '.repeat(columnsOf(one)))).join('')
}

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u

function columnsOf(character: string): number {
  if (/[\p{Mn}\p{Me}\u200B-\u200D]/u.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

import type { Place } from '../errors.ts'

/** Text that may have been made from a file, and knows where in the file each of its characters comes from. */
export interface MappedText {
  readonly file: string
  readonly text: string
  /** The place in the file for an offset in `text`. */
  place(offset: number): Place
  /** What was put in for each `mark`. Left out when the text is the file itself. */
  readonly marked?: readonly Marked[]
}

/** A template's value inside a text that is YAML: opaque to the YAML parser, so that it can't change its structure. */
export interface Marked {
  readonly text: string
  /** As the file has it, such as `{{pillar.port}}`. */
  readonly written: string
  readonly at: Place
}

// Private-use characters, as in core/secret.ts: no YAML syntax, and nothing that anybody types.
const OPEN = '\uE0B2'
const CLOSE = '\uE0B3'
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'gu')

export function mark(index: number): string {
  return `${OPEN}${index}${CLOSE}`
}

export function hasMark(text: string): boolean {
  return text.includes(OPEN)
}

/** The numbers of the marks in a text, in order. */
export function marksIn(text: string): number[] {
  return [...text.matchAll(MARK)].map(([, index]) => Number(index))
}

/** True when a text is one mark and nothing else. */
export function isOneMark(text: string): boolean {
  return marksIn(text).length === 1 && text.startsWith(OPEN) && text.endsWith(CLOSE)
}

export function replaceMarks(text: string, marked: readonly Marked[]): string {
  return text.replace(MARK, (whole, index: string) => marked[Number(index)]?.text ?? whole)
}

/** A file's own text. */
export function fileText(file: string, text: string): MappedText {
  const lines = lineStarts(text)
  return { file, text, place: (offset) => ({ file, ...lines.position(offset) }) }
}

export interface LineStarts {
  /** Line and column, both from 1. */
  position(offset: number): { line: number; column: number }
  offset(line: number, column: number): number
}

export function lineStarts(text: string): LineStarts {
  const starts = [0]
  for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', next + 1)) starts.push(next + 1)
  return {
    position: (offset) => {
      const line = lastAtOrBelow(starts, offset)
      return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
    },
    offset: (line, column) => (starts[line - 1] ?? text.length) + column - 1,
  }
}

/** The index of the last number that is not above the value; the numbers ascend. */
export function lastAtOrBelow(numbers: readonly number[], value: number): number {
  let low = 0
  let high = numbers.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((numbers[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}

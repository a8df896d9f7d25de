import { parse } from 'handlebars/dist/cjs/handlebars/compiler/base.js'
import type { Place } from '../../errors.ts'
import { UserError, UserErrors } from '../../errors.ts'
import type { LineStarts } from '../../text/mapped.ts'
import { lineStarts } from '../../text/mapped.ts'
import { Memory } from '../memory.ts'
import type { Position, Program } from './ast.ts'
import { depthOf } from './depth.ts'
import { findJinja } from './jinja.ts'

/** A parsed template, the same for everybody who renders it. */
export interface Template {
  text: string
  program: Program
  lines: LineStarts
}

/** The parser's cost grows faster than the depth. */
const MAX_DEPTH = 200

const templates = new Memory<Template>(16 * 1024 * 1024)

/** Throws `UserErrors` when it is no Handlebars, or Jinja. */
export function parseTemplate(text: string, file: string): Template {
  const jinja = findJinja(text, file)
  if (jinja.length > 0) throw new UserErrors(jinja)
  if (depthOf(text) > MAX_DEPTH) {
    throw new UserError('template-too-deep', `${file} is nested too deeply to be rendered.`, { at: { file } })
  }
  return templates.get(text, () => ({ text, program: parseHandlebars(text, file), lines: lineStarts(text) }))
}

/** What the template has between two places, for errors. */
export function writtenIn({ text, lines }: Template): (node: { loc: Program['loc'] }) => string {
  return ({ loc: { start, end } }) =>
    text.slice(lines.offset(start.line, start.column + 1), lines.offset(end.line, end.column + 1))
}

export function placeOf(file: string, { line, column }: Position): Place {
  return { file, line, column: column + 1 }
}

function parseHandlebars(text: string, file: string): Program {
  try {
    // The cast is the border to the parser, whose tree ast.ts describes.
    return parse(text) as Program
  } catch (error) {
    if (error instanceof Error) throw syntaxError(error, text, file)
    throw error
  }
}

/** The parser's own errors say "Parse error on line 3: ..." or "if doesn't match each - 3:5". */
function syntaxError(error: Error, text: string, file: string): UserError {
  const [first = '', ...rest] = error.message.split('\n')
  const line = Number(/on line (\d+)/u.exec(first)?.[1])
  if (Number.isInteger(line)) {
    const got = rest
      .at(-1)
      ?.replace(/^.*got '/u, '')
      .replace(/'$/u, '')
    const what = got === 'EOF' ? 'it ends in the middle of a block or tag' : `'${pointedAt(rest)}' can't stand here`
    const at = got === 'EOF' ? { file, ...lineStarts(text).position(text.length) } : columnOf(file, text, line, rest)
    return new UserError('template-syntax', `This is not a Handlebars template: ${what}.`, {
      hint: hintFor(got, pointedAt(rest)),
      at,
    })
  }
  const mismatch = /^(.*) - (\d+):(\d+)$/u.exec(first)
  const at = mismatch === null ? { file } : { file, line: Number(mismatch[2]), column: Number(mismatch[3]) + 1 }
  return new UserError('template-syntax', `This is not a Handlebars template: ${mismatch?.[1] ?? first}.`, {
    hint: 'Every {{#if}} and {{#each}} needs its own {{/if}} or {{/each}}.',
    at,
  })
}

/** The message shows the text around the error, and a line of dashes up to a caret. */
function pointedAt(rest: readonly string[]): string {
  return rest[0]?.slice(Math.max(0, (rest[1]?.length ?? 1) - 1)).slice(0, 20) ?? ''
}

function columnOf(file: string, text: string, line: number, rest: readonly string[]): Place {
  const before = rest[0]?.slice(0, Math.max(0, (rest[1]?.length ?? 1) - 1)).replace(/^\.\.\./u, '') ?? ''
  const found = text.split('\n')[line - 1]?.indexOf(before.slice(-20)) ?? -1
  return found === -1 ? { file, line } : { file, line, column: found + before.slice(-20).length + 1 }
}

function hintFor(got: string | undefined, pointed: string): string {
  if (pointed.startsWith('}}}')) return 'Write a space between the }} of the template and the } of YAML.'
  return got === 'EOF'
    ? 'Close it with }}, or a block with {{/if}} or {{/each}}.'
    : String.raw`To write braces themselves, put a backslash before them: \{{ }}.`
}

import type { Document, ErrorCode, YAMLParseError } from 'yaml'
import { parseDocument } from 'yaml'
import { UserError, UserErrors } from '../../errors.ts'
import type { MappedText } from '../mapped.ts'

/** More is no configuration: bounds for what one text may cost. Of the second each costs some microseconds. */
const MAX_CHARACTERS = 8 * 1024 * 1024
const MAX_INDICATORS = 1_000_000
const MAX_SHOWN = 5

/** Parses the syntax alone: scalars stay text. Throws `UserErrors` that name each broken line. */
export function parseSyntax(source: MappedText): Document.Parsed {
  requireText(source)
  requireBounded(source)
  const document = parse(source)
  // The library descends by recursion: only a text made to hurt is that deep.
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) throw tooDeep(source)
  if (document.errors.length > 0) throw new UserErrors(syntaxErrors(source, document.errors))
  return document
}

/** What no text holds: bytes that are no UTF-8 have become U+FFFD, and those of UTF-16 are full of U+0000. */
const NO_TEXT = /[^\P{Cc}\t\n\r\u0085]|\uFFFD/u

function requireText(source: MappedText): void {
  const index = source.text.search(NO_TEXT)
  if (index === -1) return
  const code = (source.text.codePointAt(index) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw new UserError('yaml-no-text', `${source.file} is no text: it holds the character U+${code}.`, {
    hint: 'YAML is text in UTF-8. Write such a character as an escape in double quotes: "\\0", "\\x07".',
    at: source.place(index),
  })
}

function requireBounded({ file, text }: MappedText): void {
  const indicators = text.length > MAX_INDICATORS ? (text.match(/[\n,:[{]/gu)?.length ?? 0) : 0
  const what =
    text.length > MAX_CHARACTERS
      ? `larger than the ${MAX_CHARACTERS} characters`
      : indicators > MAX_INDICATORS
        ? `made of more than the ${MAX_INDICATORS} lines, keys and items`
        : undefined
  if (what === undefined) return
  throw new UserError('yaml-too-large', `${file} is ${what} of a YAML file.`, {
    hint: 'Put large content into a file that a state copies (`source: butler://...`), and many states into several files.',
    at: { file },
  })
}

function parse(source: MappedText): Document.Parsed {
  try {
    return parseDocument(source.text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
    })
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(source)
    throw error
  }
}

export function tooDeep(source: MappedText): UserError {
  return new UserError('yaml-too-deep', `${source.file} is nested too deeply to be read.`, {
    hint: 'Look for brackets that are never closed, or lines that are indented further and further.',
    at: source.place(0),
  })
}

/** One error a line: what follows on the same line is usually the first one's echo. */
function syntaxErrors(source: MappedText, errors: readonly YAMLParseError[]): UserError[] {
  const byLine = new Map<number | undefined, UserError>()
  for (const error of errors) {
    const shown = tabError(source, error) ?? syntaxError(source, error)
    if (!byLine.has(shown.at?.line)) byLine.set(shown.at?.line, shown)
  }
  return [...byLine.values()].slice(0, MAX_SHOWN)
}

function syntaxError(source: MappedText, { code, message, pos }: YAMLParseError): UserError {
  const what = code === 'MULTIPLE_DOCS' ? 'it holds several documents' : lowerFirst(message)
  return new UserError('yaml-syntax', `This is not YAML: ${what}.`, {
    hint: message.startsWith('Flow ') ? 'A [ or { that begins above is not closed.' : HINTS[code],
    at: source.place(pos[0]),
  })
}

/** A tab where the indentation stands, on the line of an error or the line after it. */
function tabError(source: MappedText, { pos }: YAMLParseError): UserError | undefined {
  const start = source.text.lastIndexOf('\n', Math.max(0, pos[0] - 1)) + 1
  const indentation = /^ *\t/mu.exec(source.text.slice(start))
  const lines = indentation === null ? 0 : source.text.slice(start, start + indentation.index).split('\n').length - 1
  if (indentation === null || lines > 1) return undefined
  return new UserError('yaml-tab', 'This line is indented with a tab, which YAML does not allow.', {
    hint: 'Indent with spaces.',
    at: source.place(start + indentation.index + indentation[0].length - 1),
  })
}

function lowerFirst(message: string): string {
  return (message.charAt(0).toLowerCase() + message.slice(1)).replace(/\.$/u, '')
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'A * at the start of a value refers to an anchor: put the value in quotes if it is text.',
  BAD_DQ_ESCAPE: 'Write a backslash twice inside double quotes, or use single quotes.',
  BAD_INDENT: 'Lines of one list or map begin in the same column.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a value that holds `: ` in quotes, or begin the nested map on its own line.',
  MISSING_CHAR: 'Look for a bracket, brace, quote, colon or comma that is missing.',
  MULTILINE_IMPLICIT_KEY: 'A key and its colon stand on one line: is a colon missing, or is the line indented wrongly?',
  MULTIPLE_DOCS: 'A file holds one document: remove the line `---`.',
  TAB_AS_INDENT: 'Indent with spaces.',
  UNEXPECTED_TOKEN: 'Put the value in quotes if it is text.',
}

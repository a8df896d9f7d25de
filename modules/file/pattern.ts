import picomatch from 'picomatch'
import { UserError } from '../../core/errors.ts'

/** Salt's `include_pat` and `exclude_pat`: a glob over the relative path or its last part, or `E@` and a regular expression. */
export function matcherOf(pattern: string): (path: string) => boolean {
  if (pattern.startsWith('E@')) {
    const expression = regularExpression(pattern.slice(2))
    return (path) => expression.test(path)
  }
  const matches = picomatch(pattern, { dot: true, bash: true })
  return (path) => matches(path) || matches(path.split('/').at(-1) ?? path)
}

const FLAGS: Readonly<Record<string, string>> = {
  IGNORECASE: 'i',
  I: 'i',
  MULTILINE: 'm',
  M: 'm',
  DOTALL: 's',
  S: 's',
  UNICODE: 'u',
  U: 'u',
}

/** A regular expression as Salt's users write it, in Python's words. */
export function regularExpression(pattern: string, flags: readonly string[] = []): RegExp {
  const inline = /^\(\?(?<letters>[imsu]+)\)/u.exec(pattern)
  const letters = `g${inline?.groups?.['letters'] ?? ''}${flags.map(flagLetter).join('')}`
  const translated = pattern
    .slice(inline?.[0].length ?? 0)
    .replaceAll(/\(\?P<(\w+)>/gu, '(?<$1>')
    .replaceAll(/\(\?P=(\w+)\)/gu, String.raw`\k<$1>`)
    .replaceAll(String.raw`\A`, String.raw`(?<![\s\S])`)
    .replaceAll(/\\[Zz]/gu, String.raw`(?![\s\S])`)
  try {
    return new RegExp(translated, ['g', 'i', 'm', 's'].filter((letter) => letters.includes(letter)).join(''))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UserError('bad-pattern', `'${pattern}' is no regular expression: ${why}`, { cause })
  }
}

function flagLetter(flag: string): string {
  const letter = FLAGS[flag.toUpperCase()]
  if (letter !== undefined) return letter
  throw new UserError('bad-flag', `'${flag}' is no flag of a regular expression.`, {
    hint: 'There is: IGNORECASE, MULTILINE, DOTALL, UNICODE.',
  })
}

/** Puts the groups of a match into a replacement written as in Python: `\1`, `\g<1>`, `\g<name>`, `\n`. */
export function expand(replacement: string, match: RegExpMatchArray): string {
  return replacement.replaceAll(
    /\\(?:g<(\w+)>|(\d{1,2})|(.))/gsu,
    (whole, named?: string, numbered?: string, escaped?: string) => {
      const group = named ?? numbered
      if (group === undefined) return escapes(escaped ?? '', whole)
      return (/^\d+$/u.test(group) ? match[Number(group)] : match.groups?.[group]) ?? ''
    },
  )
}

function escapes(letter: string, whole: string): string {
  return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[letter] ?? whole
}

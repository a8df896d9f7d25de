import { UserError } from '../errors.ts'

const FLAGS: Readonly<Record<string, string>> = { i: 'i', m: 'm', s: 's', x: '', a: '', u: '', L: '' }
/** A longer one is no pattern for names; it bounds what matching can cost. */
const MAX_LENGTH = 1000

/**
 * A regular expression as Python writes it, anchored at the start alone, as Salt matches. Throws `bad-target` when it is
 * malformed.
 */
export function startPattern(pattern: string, options: { ignoreCase?: boolean } = {}): RegExp {
  const inline = /^\(\?([a-zA-Z]+)\)/u.exec(pattern)
  const flags = (inline?.[1] ?? '').split('').map((flag) => FLAGS[flag] ?? '')
  const source = pattern
    .slice(inline?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll(String.raw`\Z`, '$')
    .replaceAll(String.raw`\A`, '^')
  if (pattern.length > MAX_LENGTH) throw bad(pattern, `it is longer than ${MAX_LENGTH} characters`)
  try {
    return new RegExp(`^(?:${source})`, [...new Set([...flags, options.ignoreCase === true ? 'i' : ''])].join(''))
  } catch (error) {
    throw bad(pattern, error instanceof Error ? error.message.replace(/^.*: /u, '').toLowerCase() : 'it is malformed')
  }
}

function bad(pattern: string, why: string): UserError {
  return new UserError('bad-target', `'${pattern}' is no regular expression: ${why}.`, {
    hint: 'Put a backslash before a bracket or brace that means itself.',
  })
}

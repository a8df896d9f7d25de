/** True when a text holds one of the characters that make it a glob. */
export function isGlob(text: string): boolean {
  return /[*?[\]]/u.test(text)
}

/** Python's fnmatch, as Salt uses it everywhere: `*` also matches slashes and dots, `[!x]` is "not x". */
export function matchesGlob(text: string, glob: string, options: { ignoreCase?: boolean } = {}): boolean {
  return globPattern(glob, options.ignoreCase ?? false).test(text)
}

/** The same as a test, for a glob that many texts are compared with. */
export function globTest(glob: string): (text: string) => boolean {
  const pattern = globPattern(glob, false)
  return (text) => pattern.test(text)
}

/** Globs are few and used often. */
const patterns = new Map<string, RegExp>()
const MAX_REMEMBERED = 1000

function globPattern(glob: string, ignoreCase: boolean): RegExp {
  const key = `${ignoreCase ? 'i' : 's'}${glob}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  const pattern = new RegExp(`^${translate(glob)}$`, ignoreCase ? 'isu' : 'su')
  if (patterns.size >= MAX_REMEMBERED) patterns.clear()
  patterns.set(key, pattern)
  return pattern
}

function translate(glob: string): string {
  let pattern = ''
  for (let index = 0; index < glob.length; index++) {
    const character = glob.charAt(index)
    const set = character === '[' ? setAt(glob, index) : undefined
    if (set !== undefined) {
      pattern += set.pattern
      index = set.end
    } else if (character === '*') {
      // Several stars are one: each more would multiply the ways to fail.
      pattern += pattern.endsWith('.*?') ? '' : '.*?'
    } else pattern += character === '?' ? '.' : escape(character)
  }
  return pattern
}

/** `[a-z]`, `[!x]`, `[]x]`; a bracket that is never closed is only a bracket. */
function setAt(glob: string, start: number): { pattern: string; end: number } | undefined {
  const negated = glob[start + 1] === '!'
  const first = start + (negated ? 2 : 1)
  const end = glob.indexOf(']', first + 1)
  if (end === -1) return undefined
  return { pattern: setPattern(glob.slice(first, end), negated), end }
}

function setPattern(inside: string, negated: boolean): string {
  const ranges = [...inside.matchAll(/([^])-([^])|([^])/gu)].flatMap(([, from, to, single]) => {
    if (from === undefined || to === undefined) return [escapeInSet(single ?? '')]
    // A range that runs backwards matches nothing.
    return from <= to ? [`${escapeInSet(from)}-${escapeInSet(to)}`] : []
  })
  if (ranges.length === 0) return negated ? '.' : '(?!)'
  return `[${negated ? '^' : ''}${ranges.join('')}]`
}

function escape(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/u.test(character) ? `\\${character}` : character
}

function escapeInSet(character: string): string {
  return character === '-' ? String.raw`\-` : escape(character)
}

import { regularExpression } from './pattern.ts'

/**
 * The lines with those that match, apart from a comment sign, made comments or made none; and how many match. What
 * stands before a line is kept.
 */
export function commented(
  lines: readonly string[],
  { regex, char }: { regex: string; char: string },
  on: boolean,
): { lines: string[]; matches: number } {
  const pattern = new RegExp(regularExpression(regex).source, 'u')
  let matches = 0
  const changed = lines.map((line) => {
    const indent = /^\s*/u.exec(line)?.[0] ?? ''
    const isComment = line.slice(indent.length).startsWith(char)
    const bare = isComment ? indent + line.slice(indent.length + char.length).replace(/^ /u, '') : line
    if (!pattern.test(bare) && !pattern.test(bare.trimStart())) return line
    matches++
    if (on) return isComment ? line : char + line
    return bare
  })
  return { lines: changed, matches }
}

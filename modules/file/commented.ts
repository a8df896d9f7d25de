import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, path, text } from '../../core/module/args.ts'
import { type Plan, planOf } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { readEditable, requireEditable } from './edit.ts'
import { regularExpression } from './pattern.ts'
import { writeChange } from './write.ts'

/** What `file.comment` and `file.uncomment` take. */
export const commentArgs = () =>
  args({
    name: path('Where the file lies.'),
    regex: text('A regular expression; `^` and `$` stand for the ends of a line.'),
    char: text('What a comment begins with.').default('#'),
    ignore_missing: flag('Succeeds when no line matches, and when there is no such file.').default(false),
    backup: text('Keeps the old content beside the file: an ending such as `.bak`.').optional(),
  })

/** Plans to make the lines that match comments (`on`), or to make them none. */
export async function* commentPlan(view: View, want: ArgsOf<typeof commentArgs>, on: boolean): Plan {
  const isGone = want.ignore_missing && (await readEditable(view, want.name)) === undefined
  if (isGone) return yield* planOf([], `File ${want.name} is not there`)
  const { at, bytes, text } = await requireEditable(view, want.name)
  const { lines, matches } = commented(text.split('\n'), want, on)
  if (matches === 0 && !want.ignore_missing) throw new UserError('no-match', `${want.regex}: Pattern not found`)
  const newer = lines.join('\n')
  const content = new TextEncoder().encode(newer)
  const comment = on ? 'Commented lines' : 'Uncommented lines'
  const writing = writeChange({ path: at, content, has: bytes, backup: want.backup, comment })
  return yield* planOf(newer === text ? [] : [writing], `Pattern already ${on ? 'commented' : 'uncommented'}`)
}

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

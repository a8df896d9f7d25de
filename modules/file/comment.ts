import { UserError } from '../../core/errors.ts'
import { args, flag, path, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { commented } from './commented.ts'
import { readEditable, requireEditable } from './edit.ts'
import { writeChange } from './write.ts'

export const comment = state({
  summary: 'The lines that match are comments.',
  args: args({
    name: path('Where the file lies.'),
    regex: text('A regular expression; `^` and `$` stand for the ends of a line.'),
    char: text('What a comment begins with.').default('#'),
    ignore_missing: flag('Succeeds when no line matches, and when there is no such file.').default(false),
    backup: text('Keeps the old content beside the file: an ending such as `.bak`.').optional(),
  }),
  example: `
    /etc/fstab:
      file.comment:
        - regex: ^/dev/sdb1
  `,
  makes: () => [],
  async *plan(view, want) {
    const isGone = want.ignore_missing && (await readEditable(view, want.name)) === undefined
    if (isGone) return yield* planOf([], `File ${want.name} is not there`)
    const { at, bytes, text } = await requireEditable(view, want.name)
    const { lines, matches } = commented(text.split('\n'), want, true)
    if (matches === 0 && !want.ignore_missing) {
      throw new UserError('no-match', `${want.regex}: Pattern not found`)
    }
    const newer = lines.join('\n')
    const content = new TextEncoder().encode(newer)
    const writing = writeChange({ path: at, content, has: bytes, backup: want.backup, comment: 'Commented lines' })
    return yield* planOf(newer === text ? [] : [writing], 'Pattern already commented')
  },
})

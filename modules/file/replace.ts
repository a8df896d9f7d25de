import { args, type ArgsOf, flag, integer, path, text, texts } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ended, readEditable, requireEditable } from './edit.ts'
import { expand, regularExpression } from './pattern.ts'
import { writeChange, DIFF_REPORTS } from './write.ts'

const wanted = () =>
  args({
    name: path('Where the file lies.'),
    pattern: text('A regular expression. `^` and `$` match at every line unless `flags` says otherwise.'),
    repl: text(String.raw`What each match becomes; \1 and \g<name> stand for groups.`).default(''),
    count: integer('How many matches are replaced; 0 for all.').default(0),
    flags: texts('IGNORECASE, MULTILINE, DOTALL: in place of MULTILINE alone.').default(['MULTILINE']),
    append_if_not_found: flag('Adds the replacement at the end when nothing matches.').default(false),
    prepend_if_not_found: flag('Adds the replacement at the beginning when nothing matches.').default(false),
    not_found_content: text('What is added then, in place of the replacement.').optional(),
    backslash_literal: flag('Takes backslashes in the replacement as they are.').default(false),
    ignore_if_missing: flag('Succeeds when there is no such file.').default(false),
    backup: text('Keeps the old content beside the file: an ending such as `.bak`.').optional(),
    show_changes: flag('Whether the difference is shown in the result.').default(true),
  })

type Want = ArgsOf<typeof wanted>

export const replace = state({
  summary: 'Every match of a regular expression in the file reads as the replacement says.',
  args: wanted,
  ignores: { bufsize: 'the file is read as a whole' },
  reports: DIFF_REPORTS,
  example: `
    /etc/ssh/sshd_config:
      file.replace:
        - pattern: '^#?PermitRootLogin .*$'
        - repl: PermitRootLogin no
        - append_if_not_found: true
  `,
  makes: () => [],
  async *plan(view, want) {
    if (want.ignore_if_missing && (await readEditable(view, want.name)) === undefined) {
      return yield* planOf([], `File ${want.name} is not there`)
    }
    const { at, bytes, text } = await requireEditable(view, want.name)
    const newer = replaced(text, want)
    const content = new TextEncoder().encode(newer)
    const { backup, show_changes: showChanges } = want
    const writing = writeChange({ path: at, content, has: bytes, backup, showChanges, comment: 'Changes were made' })
    return yield* planOf(newer === text ? [] : [writing], 'No changes needed to be made')
  },
})

/** The text after replacing; the very same when there is nothing to do. */
export function replaced(text: string, want: Omit<Want, 'name' | 'ignore_if_missing' | 'show_changes'>): string {
  const pattern = regularExpression(want.pattern, want.flags)
  const matches = [...text.matchAll(pattern)]
  if (matches.length === 0) return added(text, want)
  let newer = ''
  let from = 0
  for (const match of want.count > 0 ? matches.slice(0, want.count) : matches) {
    newer += text.slice(from, match.index) + (want.backslash_literal ? want.repl : expand(want.repl, match))
    from = match.index + match[0].length
  }
  return newer + text.slice(from)
}

function added(text: string, want: Omit<Want, 'name' | 'ignore_if_missing' | 'show_changes'>): string {
  const content = want.not_found_content ?? want.repl
  const isThere = `\n${text}\n`.includes(`\n${content}\n`)
  if (isThere || (!want.append_if_not_found && !want.prepend_if_not_found)) return text
  return want.append_if_not_found ? `${ended(text)}${ended(content)}` : `${ended(content)}${text}`
}

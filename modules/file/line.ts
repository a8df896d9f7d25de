import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, mode, oneOf, path, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ATTRIBUTE_REPORTS, attributeChanges, requireOwners } from './attributes.ts'
import { madeBy } from './made.ts'
import { linesOf, readEditable, requireEditable } from './edit.ts'
import { writeChange, DIFF_REPORTS } from './write.ts'

const wanted = () =>
  args({
    name: path('Where the file lies.'),
    content: text('The line.').optional(),
    mode: oneOf(
      ['ensure', 'insert', 'replace', 'delete'],
      'Ensure that it stands there, insert it, replace the lines that match, or delete them.',
    ),
    match: text(
      'Which lines are replaced or deleted: a part of them, or a regular expression. Else `content`.',
    ).optional(),
    location: oneOf(['start', 'end'], 'Where a line is inserted.').optional(),
    before: text('It stands before the line that this matches.').optional(),
    after: text('It stands after the line that this matches.').optional(),
    indent: flag('Takes over the indentation of the line beside it.').default(true),
    create: flag('Makes the file when it is missing.').default(false),
    user: text('Who owns the file.').optional(),
    group: text('The group that owns the file.').optional(),
    file_mode: mode('The permissions of the file.').optional(),
    quiet: flag('Succeeds when nothing matches.').default(false),
    backup: text('Keeps the old content beside the file: an ending such as `.bak`.').optional(),
    show_changes: flag('Whether the difference is shown in the result.').default(true),
  })

type Want = ArgsOf<typeof wanted>

export const line = state({
  summary: 'One line of a file stands where it should, reads as it should, or is gone.',
  args: wanted,
  reports: { ...DIFF_REPORTS, ...ATTRIBUTE_REPORTS },
  example: `
    /etc/fstab:
      file.line:
        - mode: ensure
        - content: tmpfs /scratch tmpfs defaults 0 0
        - after: '^# scratch'
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    const isNew = want.create && (await readEditable(view, want.name)) === undefined
    const file = isNew ? { at: want.name, bytes: undefined, text: '' } : await requireEditable(view, want.name)
    const newer = withLine(linesOf(file.text), want)
      .map((line) => `${line}\n`)
      .join('')
    const content = new TextEncoder().encode(newer)
    const { backup, show_changes: showChanges } = want
    const attributes = { user: want.user, group: want.group, mode: want.file_mode }
    await requireOwners(view, attributes)
    const writing = { path: file.at, content, has: file.bytes, attributes, backup, showChanges }
    const isSame = linesOf(newer).join('\n') === linesOf(file.text).join('\n') && !isNew
    const has = isNew ? undefined : await view.stat(file.at)
    const changes = [
      ...(isSame ? [] : [writeChange({ ...writing, comment: 'Changes were made' })]),
      ...(has === undefined ? [] : attributeChanges(file.at, has, attributes)),
    ]
    return yield* planOf(changes, 'No changes needed to be made')
  },
})

type How = Omit<Want, 'name' | 'create' | 'user' | 'group' | 'file_mode' | 'backup' | 'show_changes'>

/** The lines after the wish. Throws when the place for the line can't be found. */
export function withLine(all: readonly string[], how: How): string[] {
  if (how.mode === 'delete') return all.filter((line) => !fits(line, selector(how)))
  if (how.mode === 'replace') return replaced(all, how)
  return how.mode === 'ensure' ? ensured(all, how) : insertedAt(all, how)
}

function replaced(all: readonly string[], how: How): string[] {
  const wanted = contentOf(how)
  return all.map((line) => (fits(line, selector(how)) ? indented(wanted, line, how.indent) : line))
}

/** Between `before` and `after` whatever stands there gives way to the line. */
function ensured(all: readonly string[], how: How): string[] {
  const wanted = contentOf(how)
  if (how.after !== undefined && how.before !== undefined) {
    const start = placeOf(all, how.after, how)
    const end = all.findIndex((line, index) => index > start && fits(line, how.before ?? ''))
    if (start === -1) return [...all]
    if (end === -1) throw new UserError('no-place', `No line after '${how.after}' matches '${how.before}'.`)
    return [...all.slice(0, start + 1), indented(wanted, all[start], how.indent), ...all.slice(end)]
  }
  return insertedAt(all, how)
}

function insertedAt(all: readonly string[], how: How): string[] {
  const wanted = contentOf(how)
  const beside = how.after ?? how.before
  if (beside === undefined) return atEdge(all, wanted, how)
  const index = placeOf(all, beside, how)
  if (index === -1) return [...all]
  const neighbour = how.after === undefined ? index - 1 : index + 1
  if (all[neighbour]?.trim() === wanted.trim()) return [...all]
  const at = how.after === undefined ? index : index + 1
  return [...all.slice(0, at), indented(wanted, all[index], how.indent), ...all.slice(at)]
}

function atEdge(all: readonly string[], wanted: string, how: How): string[] {
  if (how.location === undefined) {
    throw new UserError('no-place', `mode ${how.mode} needs to know where the line goes.`, {
      hint: 'Give `location`, `before` or `after`.',
    })
  }
  if (all.some((line) => line.trim() === wanted.trim())) return [...all]
  return how.location === 'start' ? [wanted, ...all] : [...all, wanted]
}

function placeOf(all: readonly string[], pattern: string, how: How): number {
  const index = all.findIndex((line) => fits(line, pattern))
  if (index === -1 && !how.quiet) throw new UserError('no-place', `No line matches '${pattern}'.`)
  return index
}

function selector(how: How): string {
  return how.match ?? contentOf(how)
}

function contentOf(how: How): string {
  if (how.content !== undefined) return how.content
  if (how.mode === 'delete' && how.match !== undefined) return how.match
  throw new UserError('no-content', `mode ${how.mode} needs \`content\`.`)
}

/** A pattern fits a line that holds it as text, or that it matches as a regular expression. */
function fits(line: string, pattern: string): boolean {
  if (line.includes(pattern)) return true
  try {
    return new RegExp(pattern, 'u').test(line)
  } catch {
    return false
  }
}

function indented(wanted: string, beside: string | undefined, indent: boolean): string {
  return indent ? (/^\s*/u.exec(beside ?? '')?.[0] ?? '') + wanted.trimStart() : wanted
}

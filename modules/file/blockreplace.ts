import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, lines, path, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { addedSources, textsOf } from './added.ts'
import { ended, linesOf, requireEditable } from './edit.ts'
import { regularExpression } from './pattern.ts'
import { writeChange, DIFF_REPORTS } from './write.ts'

const wanted = () =>
  args({
    name: path('Where the file lies.'),
    marker_start: text('The line before the block holds this.').default('#-- start managed zone --'),
    marker_end: text('The line after the block holds this.').default('#-- end managed zone --'),
    content: lines('The block: a text, or a list of lines.').optional(),
    ...addedSources(),
    append_if_not_found: flag('Adds markers and block at the end when there are no markers.').default(false),
    prepend_if_not_found: flag('Adds them at the beginning.').default(false),
    insert_before_match: text('Adds them before the first line that this regular expression matches.').optional(),
    insert_after_match: text('Adds them after the first line that this regular expression matches.').optional(),
    backup: text('Keeps the old content beside the file: an ending such as `.bak`.').optional(),
    show_changes: flag('Whether the difference is shown in the result.').default(true),
  })

type Want = ArgsOf<typeof wanted>

export const blockreplace = state({
  summary: 'Between two marked lines of the file stands this block.',
  args: wanted,
  reports: DIFF_REPORTS,
  ignores: { append_newline: 'the line after the block always stands on its own' },
  example: `
    /etc/hosts:
      file.blockreplace:
        - marker_start: '# begin of the cluster'
        - marker_end: '# end of the cluster'
        - content: |
            10.0.0.10 master
            10.0.0.11 db-server
        - append_if_not_found: true
  `,
  makes: () => [],
  async *plan(view, want) {
    const { at, bytes, text } = await requireEditable(view, want.name)
    const given = want.content === undefined ? undefined : [want.content]
    const block = ((await textsOf(view, want, 'content', given)) ?? []).map(ended).join('')
    const newer = withBlock(linesOf(text), linesOf(block), want)
    const content = new TextEncoder().encode(newer.map((line) => `${line}\n`).join(''))
    const { backup, show_changes: showChanges } = want
    const writing = writeChange({ path: at, content, has: bytes, backup, showChanges, comment: 'Changes were made' })
    const isSame = newer.join('\n') === linesOf(text).join('\n')
    return yield* planOf(isSame ? [] : [writing], 'No changes needed to be made')
  },
})

type How = Pick<
  Want,
  | 'marker_start'
  | 'marker_end'
  | 'append_if_not_found'
  | 'prepend_if_not_found'
  | 'insert_before_match'
  | 'insert_after_match'
>

/** The lines with the block between its markers. Throws when there are no markers and nothing says where they go. */
export function withBlock(all: readonly string[], block: readonly string[], how: How): string[] {
  const start = all.findIndex((line) => line.includes(how.marker_start))
  if (start === -1) return inserted(all, [how.marker_start, ...block, how.marker_end], how)
  const end = all.findIndex((line, index) => index > start && line.includes(how.marker_end))
  if (end === -1) throw new UserError('no-marker', 'Unterminated marked block. End of file reached before marker_end.')
  return [...all.slice(0, start + 1), ...block, ...all.slice(end)]
}

function inserted(all: readonly string[], block: readonly string[], how: How): string[] {
  const beside = how.insert_before_match ?? how.insert_after_match
  if (beside !== undefined) {
    const pattern = new RegExp(regularExpression(beside).source, 'u')
    const index = all.findIndex((line) => pattern.test(line))
    const at = how.insert_before_match === undefined ? index + 1 : index
    if (index !== -1) return [...all.slice(0, at), ...block, ...all.slice(at)]
  }
  if (how.append_if_not_found) return [...all, ...block]
  if (how.prepend_if_not_found) return [...block, ...all]
  throw new UserError('no-marker', 'Cannot edit marked block. Markers were not found in file.', {
    hint: 'Add `append_if_not_found: true` to put them in.',
  })
}

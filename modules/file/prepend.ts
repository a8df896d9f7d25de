import { args, flag, mode, path, texts } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { madeBy } from './made.ts'
import { addedChanges, addedSources, textsToAdd } from './added.ts'
import { findLines, linesOf, readEditable } from './edit.ts'
import { PARENT_REPORTS } from './parents.ts'
import { DIFF_REPORTS } from './write.ts'

export const prepend = state({
  summary: 'These lines are in the file: those that are missing are added at its beginning.',
  args: () =>
    args({
      name: path('Where the file lies. It is made when it is missing.'),
      text: texts('A line, a block of lines, or a list of them.').optional(),
      ...addedSources(),
      header: flag('The lines must be the first ones of the file, in this order.').default(false),
      makedirs: flag('Makes the folders above it.').default(false),
      dir_mode: mode('The permissions of folders that are made.').optional(),
      show_changes: flag('Whether the difference is shown in the result.').default(true),
    }),
  reports: { ...DIFF_REPORTS, ...PARENT_REPORTS },
  example: `
    /etc/resolv.conf:
      file.prepend:
        - header: true
        - text: nameserver 127.0.0.1
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    const file = await readEditable(view, want.name)
    const has = linesOf(file?.text ?? '')
    const blocks = (await textsToAdd(view, want)).map(linesOf)
    const added = want.header ? missingHeader(has, blocks.flat()) : missingBlocks(has, blocks)
    if (file !== undefined && added.length === 0) return yield* planOf([], `File ${want.name} is in correct state`)

    const text = added.map((line) => `${line}\n`).join('') + (file?.text ?? '')
    const comment = `Prepended ${added.length} lines`
    return yield* planOf(await addedChanges(view, want, { file, text, comment }), '')
  },
})

function missingHeader(has: readonly string[], header: readonly string[]): readonly string[] {
  return header.every((line, index) => has[index] === line) ? [] : header
}

function missingBlocks(has: readonly string[], blocks: readonly string[][]): string[] {
  return blocks.filter((block) => findLines(has, block) === -1).flat()
}

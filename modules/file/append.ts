import { args, flag, mode, path, texts } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { madeBy } from './made.ts'
import { addedChanges, addedSources, textsToAdd } from './added.ts'
import { ended, findLines, linesOf, readEditable } from './edit.ts'
import { PARENT_REPORTS } from './parents.ts'
import { DIFF_REPORTS } from './write.ts'

export const append = state({
  summary: 'These lines are in the file: those that are missing are added at its end. Whole lines are compared.',
  args: () =>
    args({
      name: path('Where the file lies. It is made when it is missing.'),
      text: texts('A line, a block of lines, or a list of them.').optional(),
      ...addedSources(),
      makedirs: flag('Makes the folders above it.').default(false),
      dir_mode: mode('The permissions of folders that are made.').optional(),
      show_changes: flag('Whether the difference is shown in the result.').default(true),
      ignore_whitespace: flag('Takes lines for equal that differ only in their white space.').default(false),
    }),
  reports: { ...DIFF_REPORTS, ...PARENT_REPORTS },
  example: `
    /etc/security/limits.conf:
      file.append:
        - text:
          - '* soft nofile 65536'
          - '* hard nofile 65536'
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    const file = await readEditable(view, want.name)
    const plain = want.ignore_whitespace ? oneSpace : (line: string) => line
    const has = linesOf(file?.text ?? '').map(plain)
    const added: string[] = []
    for (const block of (await textsToAdd(view, want)).map(linesOf)) {
      const known = [...has, ...added.map(plain)]
      if (findLines(known, block.map(plain)) === -1) added.push(...block)
    }
    if (file !== undefined && added.length === 0) return yield* planOf([], `File ${want.name} is in correct state`)

    const text = ended(file?.text ?? '') + added.map((line) => `${line}\n`).join('')
    const comment = `Appended ${added.length} lines`
    return yield* planOf(await addedChanges(view, want, { file, text, comment }), '')
  },
})

function oneSpace(line: string): string {
  return line.trim().replaceAll(/\s+/gu, ' ')
}

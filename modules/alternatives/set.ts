import { UserError } from '../../core/errors.ts'
import { args, path, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'

export const set = state({
  summary: 'Of several programs that do the same, this one is meant by the common name.',
  args: () =>
    args({
      name: text('The name of the alternative: `editor`.'),
      path: path('Which of them: `/usr/bin/vim.basic`.'),
    }),
  reports: { path: 'What it meant before and after.' },
  example: `
    editor:
      alternatives.set:
        - path: /usr/bin/vim.basic
  `,
  makes: () => [],
  async *plan(view, want) {
    const { exitCode, stdout, stderr } = await view.query(['update-alternatives', '--query', want.name], {
      env: { LC_ALL: 'C' },
    })
    if (exitCode !== 0) {
      view.missing({ kind: 'package', name: want.name })
      throw new UserError(
        'unknown-alternative',
        `There is no alternative '${want.name}': ${(stderr || stdout).trim()}`,
        {
          hint: 'Install a package that brings one, and require that state here.',
        },
      )
    }
    const { value, choices } = parseQuery(stdout)
    if (value === want.path) return yield* planOf([], `Alternative for ${want.name} is already ${want.path}`)
    if (!choices.includes(want.path)) {
      view.missing({ kind: 'path', name: want.path })
      throw new UserError('unknown-alternative', `'${want.path}' is no alternative for '${want.name}'.`, {
        hint: `There is: ${choices.join(', ')}.`,
      })
    }
    const setting = change('path', { old: value, new: want.path }, [], async (host) => {
      await host.run(['update-alternatives', '--set', want.name, want.path], { check: true })
    })
    return yield* planOf([setting], '')
  },
})

/** The output of `update-alternatives --query`: paragraphs of `Key: value`, the first of the name, the others of the choices. */
export function parseQuery(stdout: string): { value: string; choices: string[] } {
  const valueOf = (key: string): string[] =>
    [...stdout.matchAll(new RegExp(`^${key}: (.*)$`, 'gmu'))].map(([, value = '']) => value.trim())
  return { value: valueOf('Value')[0] ?? '', choices: valueOf('Alternative') }
}

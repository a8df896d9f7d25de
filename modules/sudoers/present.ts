import { UserError } from '../../core/errors.ts'
import { args, lines, path, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'

export const present = state({
  summary: 'These are rules of sudo, in a file of their own. What sudo would not understand is never written.',
  args: () =>
    args({
      name: text('The name of the file; sudo leaves out those with a dot in it.'),
      rules: lines('The rules, as sudoers writes them: `butler ALL=(ALL) NOPASSWD: ALL`.'),
      folder: path('Where it lies.').default('/etc/sudoers.d'),
    }),
  reports: { rules: 'The content of the file before and after.', mode: 'Its permissions before and after.' },
  example: `
    operators:
      sudoers.present:
        - rules: ['%operators ALL=(ALL) ALL']
  `,
  makes: ({ folder, name }) => [{ kind: 'path', name: `${folder}/${name}` }],
  async *plan(view, { folder, name, rules }) {
    if (!/^[\w-]+$/u.test(name)) {
      throw new UserError('bad-name', `sudo does not read a file '${name}'.`, {
        hint: 'Use letters, digits, - and _: it leaves out what has a dot or ends in ~.',
      })
    }
    const file = `${folder}/${name}`
    const content = `# Written by Butler.\n${rules.trimEnd()}\n`
    const old = await readText(view, file)
    const stat = await view.stat(file)
    const isSafe = stat?.mode === MODE && stat.uid === 0
    if (old === content && isSafe) return yield* planOf([], `${file} is as it should be`)
    const checked = await view.query(['visudo', '--check', '--file=-'], { input: content })
    if (checked.exitCode === 127) {
      view.missing({ kind: 'package', name: 'sudo' })
      throw new UserError('no-sudo', 'This machine has no visudo.', { hint: 'Install sudo with pkg.installed.' })
    }
    if (checked.exitCode !== 0) {
      throw new UserError('bad-rules', `sudo does not take these rules: ${(checked.stderr || checked.stdout).trim()}`)
    }
    const made = [{ kind: 'path', name: file }] as const
    const writing =
      old === content
        ? change('mode', { old: stat?.mode ?? '', new: MODE }, made, async (host) => {
            await host.chown(file, 'root', 'root')
            await host.chmod(file, MODE)
          })
        : change('rules', { old: old ?? '', new: content }, made, (host) =>
            host.write(file, content, { mode: MODE, user: 'root', group: 'root' }),
          )
    return yield* planOf([writing], '')
  },
})

/** sudo refuses a file that others may write to; others need not read it. */
const MODE = '0440'

import { UserError } from '../../core/errors.ts'
import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'

const LIST = '/etc/locale.gen'

export const present = state({
  summary: 'The locale is there for programs to use.',
  args: () => args({ name: text('The locale: `en_US.UTF-8`.') }),
  reports: { locale: 'The locale, when it was made.' },
  example: `
    en_US.UTF-8:
      locale.present: []
  `,
  makes: () => [],
  async *plan(view, { name }) {
    if (!/^[\w.@-]+$/u.test(name))
      throw new UserError('bad-value', `'${name}' is no name of a locale, such as en_US.UTF-8.`)
    if ((await localesOf(view)).includes(plain(name))) return yield* planOf([], `Locale ${name} is already present`)
    const list = await view.read(LIST)
    if (list === undefined) {
      view.missing({ kind: 'package', name: 'locales' })
      throw new UserError('no-locales', `This machine can't make locales: there is no ${LIST}.`, {
        hint: 'Install the package locales (on Red Hat, glibc-langpack-en and the like bring them ready-made).',
      })
    }
    const making = change('locale', { old: '', new: name }, [], async (host) => {
      const lines = ((await readText(host, LIST)) ?? '').split('\n')
      const line = `${name} ${charsetOf(name)}`
      const at = lines.findIndex((each) => each.replace(/^#\s*/u, '').trim() === line)
      if (at === -1) lines.push(line, '')
      else lines[at] = line
      await host.write(LIST, lines.join('\n'))
      await host.run(['locale-gen'], { check: true })
      return { comment: `Generated locale ${name}` }
    })
    return yield* planOf([making], '')
  },
})

async function localesOf(view: View): Promise<string[]> {
  const { exitCode, stdout } = await view.query(['locale', '-a'])
  return exitCode === 0 ? stdout.split('\n').map((line) => plain(line.trim())) : []
}

/** `en_US.UTF-8` is listed as `en_US.utf8`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll('-', '')
}

function charsetOf(name: string): string {
  const [, charset = 'ISO-8859-1'] = /\.([\w-]+)/u.exec(name) ?? []
  return charset
}

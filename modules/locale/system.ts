import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'

export const system = state({
  summary: 'Programs that the machine starts use this locale, as long as nobody says otherwise.',
  args: () => args({ name: text('The locale: `C.UTF-8`.') }),
  reports: { LANG: 'The locale before and after.' },
  example: `
    C.UTF-8:
      locale.system: []
  `,
  makes: () => [],
  async *plan(view, { name }) {
    const file = fileOf(view)
    const text = (await readText(view, file)) ?? ''
    const [, has = ''] = /^\s*LANG="?([^"\n]*)"?\s*$/mu.exec(text) ?? []
    if (has === name) return yield* planOf([], `System locale ${name} already set`)
    const setting = change('LANG', { old: has, new: name }, [{ kind: 'path', name: file }], async (host) => {
      const others = text.split('\n').filter((line) => !/^\s*LANG=/u.test(line) && line.trim() !== '')
      await host.write(file, `${[`LANG=${name}`, ...others].join('\n')}\n`, { mode: '0644' })
      return { comment: `Set system locale ${name}` }
    })
    return yield* planOf([setting], '')
  },
})

function fileOf(view: View): string {
  return view.grains['os_family'] === 'Debian' ? '/etc/default/locale' : '/etc/locale.conf'
}

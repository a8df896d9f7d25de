import { args, path, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'

export const absent = state({
  summary: 'There is no such file of rules of sudo.',
  args: () => args({ name: text('The name of the file.'), folder: path('Where it lies.').default('/etc/sudoers.d') }),
  reports: { rules: 'The file that was removed.' },
  example: `
    operators:
      sudoers.absent: []
  `,
  makes: () => [],
  async *plan(view, { folder, name }) {
    const file = `${folder}/${name}`
    if ((await view.stat(file)) === undefined) return yield* planOf([], `There is no ${file}`)
    const removing = change('rules', { old: file, new: '' }, [], (host) => host.remove(file))
    return yield* planOf([removing], '')
  },
})

import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { kindOf, repositoryArgs } from './repository.ts'

export const absent = state({
  summary: 'Packages are not taken from this repository: its file is gone. Its key stays, since others may use it.',
  args: repositoryArgs,
  reports: { repository: 'The file that was removed.' },
  example: `
    deb https://deb.example.org/debian bookworm main:
      pkgrepo.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const kind = kindOf(view)
    const { file } = kind.repositoryOf({ ...want, baseurl: want.baseurl ?? 'none' })
    if ((await view.stat(file)) === undefined) return yield* planOf([], `There is no ${file}`)
    const removing = change('repository', { old: file, new: '' }, ['anything'], async (host) => {
      await host.remove(file)
      if (want.refresh) await kind.readAgain(host)
    })
    return yield* planOf([removing], '')
  },
})

import { UserError } from '../../core/errors.ts'
import { args, path } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { trimSlashes } from '../../core/module/path.ts'
import { planOf, state } from '../../core/module/state.ts'

export const absent = state({
  summary: 'Nothing lies at this path: no file, no link, no folder with all that it holds.',
  args: () => args({ name: path('What must not exist.') }),
  reports: { removed: 'The path.' },
  example: `
    /etc/nginx/sites-enabled/default:
      file.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const at = trimSlashes(want.name)
    if (at === '/') throw new UserError('not-removable', 'The root folder is not removed.')
    const has = await view.stat(at)
    if (has === undefined) return yield* planOf([], `File ${at} is not present`)
    const what = has.type === 'directory' ? 'directory' : 'file'
    return yield* planOf(
      [
        change('removed', at, [], async (host) => {
          await host.remove(at)
          return { comment: `Removed ${what} ${at}` }
        }),
      ],
      '',
    )
  },
})

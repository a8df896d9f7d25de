import { args, flag, path, seconds } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { followLinks } from '../../core/module/path.ts'
import { planOf, state } from '../../core/module/state.ts'
import { madeBy } from './made.ts'
import { parentChanges, PARENT_REPORTS } from './parents.ts'

export const touch = state({
  summary: 'The file exists; when times are given, it has them. A file that is there is else left as it is.',
  args: () =>
    args({
      name: path('Where the file lies.'),
      atime: seconds('When it was last read, in seconds since 1970. Set along with mtime.').optional(),
      mtime: seconds('When it was last changed, in seconds since 1970.').optional(),
      makedirs: flag('Makes the folders above it.').default(false),
    }),
  reports: { new: 'The path, when it was made.', touched: 'The path, when its times were set.', ...PARENT_REPORTS },
  example: `
    /var/lib/analyses/.ready:
      file.touch:
        - makedirs: true
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    const { path: at, stat: has } = await followLinks(view, want.name)
    const times = { ...(want.atime === undefined ? {} : { atime: dateOf(want.atime) }), ...timeOf(want.mtime) }
    if (has === undefined) {
      const parents = await parentChanges(view, at, want.makedirs, {})
      const made = change('new', at, [{ kind: 'path', name: at }], async (host) => {
        await host.touch(at, times)
        return { comment: `Created empty file ${at}` }
      })
      return yield* planOf([...parents, made], '')
    }
    const differs = want.mtime !== undefined && Math.trunc(has.mtimeMs / 1000) !== Math.trunc(want.mtime)
    const touched = change('touched', at, [], async (host) => {
      await host.touch(at, times)
      return { comment: `Updated times on ${has.type} ${at}` }
    })
    return yield* planOf(differs ? [touched] : [], `File ${at} exists and has the correct times`)
  },
})

function timeOf(seconds: number | undefined): { mtime?: Date } {
  return seconds === undefined ? {} : { mtime: dateOf(seconds) }
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}

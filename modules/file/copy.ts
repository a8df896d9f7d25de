import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, mode, path, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { followLinks, joinPath, nameOf } from '../../core/module/path.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { Stat, View } from '../../core/module/view.ts'
import { madeBy } from './made.ts'
import { attributeChanges, requireOwners, ATTRIBUTE_REPORTS } from './attributes.ts'
import { parentChanges } from './parents.ts'
import { sameBytes, writeChange, DIFF_REPORTS } from './write.ts'

const wanted = () =>
  args({
    name: path('Where the copy lies.'),
    source: path('What is copied: a file or a folder of the same machine.'),
    force: flag('Replaces a copy that differs.').default(false),
    makedirs: flag('Makes the folders above it.').default(false),
    preserve: flag('Gives the copy the owner and mode of its source.').default(false),
    user: text('Who owns the copy.').optional(),
    group: text('The group that owns the copy.').optional(),
    mode: mode('Its permissions, in octal.').optional(),
    dir_mode: mode('The permissions of folders that are made.').optional(),
    subdir: flag('When a folder lies at its place, the copy goes into it.').default(false),
  })

type Want = ArgsOf<typeof wanted>

export const copy = state({
  summary: 'A copy of a file or folder of the same machine lies at this path.',
  args: wanted,
  reports: {
    ...DIFF_REPORTS,
    ...ATTRIBUTE_REPORTS,
    '<path>': 'A folder that was copied, and from where; or a folder above it that was made.',
    removed: 'What lay at its place.',
  },
  example: `
    /etc/postgresql/backup.conf:
      file.copy:
        - source: /etc/postgresql/15/main/postgresql.conf
        - preserve: true
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    await requireOwners(view, want)
    const from = await sourceOf(view, want.source)
    const { stat: there } = await followLinks(view, want.name)
    const at = want.subdir && there?.type === 'directory' ? joinPath(want.name, nameOf(want.source)) : want.name
    const has = at === want.name ? there : await view.stat(at)
    if (has !== undefined && !want.force) {
      return yield* planOf([], `The target file "${at}" exists and will not be overwritten`)
    }
    if (from.type === 'directory') return yield* planOf(await folderCopy(view, at, has, want), inOrder(at))
    return yield* planOf(await fileCopy(view, at, has, from, want), inOrder(at))
  },
})

async function sourceOf(view: View, source: string): Promise<Stat> {
  const { stat: found } = await followLinks(view, source)
  if (found !== undefined) return found
  view.missing({ kind: 'path', name: source })
  throw new UserError('no-file', `Source file "${source}" is not present`)
}

async function fileCopy(view: View, at: string, has: Stat | undefined, from: Stat, want: Want): Promise<Change[]> {
  const content = (await view.read(want.source)) ?? new Uint8Array()
  const kept = want.preserve ? { user: from.user, group: from.group, mode: from.mode } : {}
  const given = { user: want.user, group: want.group, mode: want.mode }
  const attributes = {
    ...kept,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  }
  const comment = `Copied "${want.source}" to "${at}"`
  if (has?.type === 'file') {
    const old = (await view.read(at)) ?? new Uint8Array()
    const writing = sameBytes(old, content) ? [] : [writeChange({ path: at, content, has: old, comment })]
    return [...writing, ...attributeChanges(at, has, attributes)]
  }
  const room = has === undefined ? [] : [change('removed', at, [], (host) => host.remove(at))]
  const parents = await parentChanges(view, at, want.makedirs, { mode: want.dir_mode })
  return [
    ...parents,
    ...room,
    writeChange({ path: at, content, attributes: { mode: from.mode, ...attributes }, comment }),
  ]
}

async function folderCopy(view: View, at: string, has: Stat | undefined, want: Want): Promise<Change[]> {
  const differs = has === undefined || (await view.query(['diff', '-rq', want.source, at])).exitCode !== 0
  if (!differs) return []
  const parents = await parentChanges(view, at, want.makedirs, { mode: want.dir_mode })
  const copying = change(at, want.source, [{ kind: 'path', name: at }, 'anything'], async (host) => {
    await host.remove(at)
    await host.run(['cp', want.preserve ? '-a' : '-R', '--', want.source, at], { check: true })
    const owner = [want.user ?? '', want.group ?? ''].join(':')
    if (owner !== ':') await host.run(['chown', '-R', owner, at], { check: true })
    return { comment: `Copied "${want.source}" to "${at}"` }
  })
  return [...parents, copying]
}

function inOrder(at: string): string {
  return `The copy ${at} is in the correct state`
}

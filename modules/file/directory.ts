import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, integer, mode, path, text, texts } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { followLinks } from '../../core/module/path.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { Stat, View } from '../../core/module/view.ts'
import { madeBy } from './made.ts'
import { attributeChanges, requireOwners, ATTRIBUTE_REPORTS } from './attributes.ts'
import { cleanChanges } from './clean.ts'
import { newFolder, parentChanges } from './parents.ts'
import { recursedChanges } from './recursed.ts'

const wanted = () =>
  args({
    name: path('Where the folder lies.'),
    user: text('Who owns it.').optional(),
    group: text('The group that owns it.').optional(),
    mode: mode('Its permissions, in octal.').optional(),
    dir_mode: mode('The same as `mode`; with `recurse: [mode]` also for the folders below it.').optional(),
    file_mode: mode('With `recurse: [mode]`: the permissions of the files below it.').optional(),
    recurse: texts('What holds for everything below it too: user, group, mode, ignore_files, ignore_dirs.').default([]),
    max_depth: integer('How many levels `recurse` goes down.').optional(),
    makedirs: flag('Makes the folders above it.').default(false),
    clean: flag('Removes what lies in it and is not kept.').default(false),
    exclude_pat: text('A glob, or `E@` and a regular expression: what `clean` leaves alone.').optional(),
    keep: texts('Paths that `clean` leaves alone.').default([]),
    force: flag('Replaces a file that lies at its place.').default(false),
    follow_symlinks: flag('Takes a symbolic link to a folder for the folder.').default(true),
    backupname: path('Where a file that lies at its place is moved to.').optional(),
    children_only: flag('`recurse` is for what lies below it alone, and not for the folder itself.').default(false),
  })

type Want = ArgsOf<typeof wanted>

export const directory = state({
  summary: 'The folder exists, with this owner and mode.',
  args: wanted,
  reports: {
    '<path>': '`directory: new` for a folder that was made, `removed` for what `clean` took away.',
    ...ATTRIBUTE_REPORTS,
    '<path> user|group|mode': 'The same, below it, with `recurse`.',
    removed: 'What lay at its place.',
    moved: 'Where that was moved.',
  },
  ignores: { allow_symlink: 'a link to a folder counts as one unless `follow_symlinks: false` says otherwise' },
  example: `
    /var/log/analyses:
      file.directory:
        - user: root
        - mode: 755
        - makedirs: true
  `,
  makes: (want) => madeBy(want.name),
  spares: 'keep',
  async *plan(view, want) {
    await requireOwners(view, want)
    const { path: at, stat: has } = want.follow_symlinks
      ? await followLinks(view, want.name)
      : { path: want.name, stat: await view.stat(want.name) }
    const changes = has?.type === 'directory' ? await oldFolder(view, at, has, want) : await made(view, at, has, want)
    return yield* planOf(changes, `The directory ${at} is in the correct state`)
  },
})

async function made(view: View, at: string, has: Stat | undefined, want: Want): Promise<Change[]> {
  if (has !== undefined && !want.force && want.backupname === undefined) {
    throw new UserError('not-a-folder', `Specified location ${at} exists and is a ${has.type}.`, {
      hint: 'Move it away, or add `backupname: PATH` to keep it there, or `force: true` to remove it.',
    })
  }
  const room = has === undefined ? [] : [makeRoom(at, want.backupname)]
  const attributes = { user: want.user, group: want.group, mode: folderMode(want) }
  return [...(await parentChanges(view, at, want.makedirs, attributes)), ...room, newFolder(at, attributes)]
}

function makeRoom(at: string, backupname: string | undefined): Change {
  if (backupname === undefined) return change('removed', at, [], (host) => host.remove(at))
  const made = [{ kind: 'path' as const, name: backupname }]
  return change('moved', { old: at, new: backupname }, made, (host) => host.rename(at, backupname))
}

async function oldFolder(view: View, at: string, has: Stat, want: Want): Promise<Change[]> {
  const isLeftOut = want.children_only && want.recurse.length > 0
  const attributes = { user: want.user, group: want.group, mode: folderMode(want) }
  const own = isLeftOut ? [] : attributeChanges(at, has, attributes)
  const below = want.recurse.length === 0 ? [] : await recursedChanges(view, at, want)
  const removed = want.clean ? await cleanChanges(view, at, want.keep, want.exclude_pat) : []
  return [...own, ...below, ...removed]
}

function folderMode(want: Want): string | undefined {
  return want.mode ?? want.dir_mode
}

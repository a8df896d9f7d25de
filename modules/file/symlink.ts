import { UserError } from '../../core/errors.ts'
import { args, flag, mode, path, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { Stat } from '../../core/module/view.ts'
import { madeBy } from './made.ts'
import { attributeChanges, requireOwners } from './attributes.ts'
import { parentChanges, PARENT_REPORTS } from './parents.ts'

export const symlink = state({
  summary: 'A symbolic link lies at this path and points to the target.',
  args: () =>
    args({
      name: path('Where the link lies.'),
      target: text('Where it points, as it is to be written in the link. The target need not exist.'),
      force: flag('Replaces a file or a folder that lies at its place.').default(false),
      backupname: path('Where a file or folder that lies at its place is moved to.').optional(),
      makedirs: flag('Makes the folders above it.').default(false),
      user: text('Who owns the link itself.').optional(),
      group: text('The group that owns the link itself.').optional(),
      inherit_user_and_group: flag('A link that pointed elsewhere keeps its owner and group.').default(false),
      mode: mode('Permissions of folders that are made; a link has none of its own.').optional(),
    }),
  reports: {
    new: 'The path; `old` and `new` when the link pointed elsewhere.',
    user: 'The owner before and after.',
    group: 'The group before and after.',
    moved: 'Where that which lay at its place was moved.',
    forced: 'What was removed from its place.',
    ...PARENT_REPORTS,
  },
  ignores: {
    atomic: 'a link is always replaced in one step',
    disallow_copy_and_unlink: 'a link is always replaced in one step',
    follow_symlinks: 'the link itself is looked at',
  },
  example: `
    /usr/local/bin/samtools:
      file.symlink:
        - target: /opt/samtools/bin/samtools
        - makedirs: true
  `,
  makes: (want) => madeBy(want.name),
  async *plan(view, want) {
    await requireOwners(view, want)
    const has = await view.stat(want.name)
    if (has?.type === 'symlink' && has.target === want.target) {
      const same = `Symlink ${want.name} is present and owned by ${has.user}:${has.group}`
      return yield* planOf(attributeChanges(want.name, has, { user: want.user, group: want.group }), same)
    }
    const parents = await parentChanges(view, want.name, want.makedirs, want)
    const room = has === undefined || has.type === 'symlink' ? [] : [makeRoom(want.name, has, want)]
    return yield* planOf([...parents, ...room, link(want, has)], '')
  },
})

interface Link {
  name: string
  target: string
  user?: string | undefined
  group?: string | undefined
  inherit_user_and_group: boolean
}

function link(want: Link, has: Stat | undefined): Change {
  const kept = want.inherit_user_and_group && has?.type === 'symlink' ? has : undefined
  const shows = has?.type === 'symlink' ? { old: has.target ?? '', new: want.target } : want.name
  return change('new', shows, [{ kind: 'path', name: want.name }], async (host: Host) => {
    await host.symlink(want.target, want.name)
    const [user, group] = [want.user ?? kept?.user, want.group ?? kept?.group]
    if (user !== undefined || group !== undefined) await host.chown(want.name, user, group)
    return { comment: `Created new symlink ${want.name} -> ${want.target}` }
  })
}

/** What lies in the way goes only by force, or to its backup name. */
function makeRoom(at: string, has: Stat, want: { force: boolean; backupname?: string | undefined }): Change {
  const { backupname } = want
  if (backupname !== undefined) {
    const made = [{ kind: 'path' as const, name: backupname }]
    return change('moved', { old: at, new: backupname }, made, (host) => host.rename(at, backupname))
  }
  if (!want.force) {
    const what = has.type === 'directory' ? 'Directory' : 'File'
    throw new UserError('in-the-way', `${what} exists where the symlink ${at} should be.`, {
      hint: 'Move it away, or add `force: true` to remove it.',
    })
  }
  return change('forced', `Removed ${has.type} ${at}`, [], (host) => host.remove(at))
}

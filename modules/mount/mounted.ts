import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, integer, path, text, texts } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { followLinks } from '../../core/module/path.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { type Entry, lineOf, parseEntry, withEntry } from './tables.ts'

const FSTAB = '/etc/fstab'

const wanted = () =>
  args({
    name: path('The folder that it is mounted on.'),
    device: text('What is mounted: `/dev/vdb1`, `UUID=...`, `tmpfs`.'),
    fstype: text('The kind of its file system: `ext4`, `nfs`, `tmpfs`.'),
    opts: texts('How: `noatime`, `size=1G`.').default(['defaults']),
    mkmnt: flag('Makes the folder when it is not there.').default(false),
    persist: flag('Writes it to /etc/fstab, so that the machine mounts it when it starts.').default(true),
    mount: flag('Mounts it now.').default(true),
    dump: integer('The fifth column of /etc/fstab.').default(0),
    pass_num: integer('The sixth: in which order file systems are checked.').default(0),
  })

type Want = ArgsOf<typeof wanted>

export const mounted = state({
  summary: 'The file system is mounted on the folder, now and after the next start of the machine.',
  args: wanted,
  reports: {
    mount: 'True, when it was mounted.',
    fstab: 'The line of /etc/fstab before and after.',
    folder: 'The folder that was made.',
  },
  example: `
    /data/scratch:
      mount.mounted:
        - device: tmpfs
        - fstype: tmpfs
        - opts: [size=64M, mode=1777]
        - mkmnt: true
  `,
  makes: (want) => [{ kind: 'path', name: want.name }],
  async *plan(view, want) {
    const isThere = (await view.stat(want.name))?.type === 'directory'
    if (!isThere && !want.mkmnt) {
      view.missing({ kind: 'path', name: want.name })
      throw new UserError('no-folder', `There is no folder ${want.name} to mount on.`, {
        hint: 'Make it with file.directory, or set `mkmnt: true`.',
      })
    }
    const folder = change('folder', want.name, [{ kind: 'path', name: want.name }], (host) =>
      host.mkdir(want.name, { parents: true }),
    )
    const changes = [
      ...(isThere ? [] : [folder]),
      ...(await tableChanges(view, want)),
      ...(await mountChanges(view, want)),
    ]
    return yield* planOf(changes, `${want.device} is mounted on ${want.name}`)
  },
})

async function tableChanges(view: View, want: Want): Promise<Change[]> {
  if (!want.persist) return []
  const entry = entryOf(want)
  const line = ((await readText(view, FSTAB)) ?? '').split('\n').find((each) => parseEntry(each)?.at === want.name)
  const has = line === undefined ? undefined : parseEntry(line)
  if (has !== undefined && lineOf(has) === lineOf(entry)) return []
  const shows = { old: has === undefined ? '' : lineOf(has), new: lineOf(entry) }
  return [
    change('fstab', shows, [{ kind: 'path', name: FSTAB }], async (host) => {
      await host.write(FSTAB, withEntry((await readText(host, FSTAB)) ?? '', want.name, entry))
    }),
  ]
}

async function mountChanges(view: View, want: Want): Promise<Change[]> {
  if (!want.mount) return []
  const has = ((await readText(view, '/proc/self/mounts')) ?? '')
    .split('\n')
    .flatMap((line) => parseEntry(line) ?? [])
    .findLast(({ at }) => at === want.name)
  if (has !== undefined && has.type === want.fstype && (await isSameDevice(view, has.device, want.device))) return []
  if (has !== undefined) {
    throw new UserError('in-the-way', `${has.device} (${has.type}) is mounted on ${want.name}.`, {
      hint: 'Unmount it with mount.unmounted first, or name what is there.',
    })
  }
  const words = ['-t', want.fstype, '-o', want.opts.join(','), '--', want.device, want.name]
  return [
    change('mount', true, ['anything'], async (host) => {
      await host.run(['mount', ...words], { check: true })
    }),
  ]
}

/** Devices have many names: `UUID=...` and `/dev/mapper/...` are links to one. What is no device is called by one name. */
async function isSameDevice(view: View, mounted: string, wanted: string): Promise<boolean> {
  const [, kind, value] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/u.exec(wanted) ?? []
  const named = kind === undefined ? wanted : `/dev/disk/by-${kind.toLowerCase()}/${value ?? ''}`
  if (!named.startsWith('/dev/') || !mounted.startsWith('/dev/')) return mounted === wanted
  return (await followLinks(view, mounted)).path === (await followLinks(view, named)).path
}

function entryOf({ name, device, fstype, opts, dump, pass_num: pass }: Want): Entry {
  return { device, at: name, type: fstype, options: opts.join(','), dump: String(dump), pass: String(pass) }
}

import { requireGroup, requireUser } from '../../core/module/accounts.ts'
import { args, type ArgsOf, flag, oneOf, path, source, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { joinPath, parentOf } from '../../core/module/path.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import type { Entry } from './entry.ts'
import { readArchive } from './read.ts'

const wanted = () =>
  args({
    name: path('The folder to unpack it in. It is made when it is missing.'),
    source: source('The archive: `butler://`, `http(s)://`, or a path of the minion.'),
    source_hash: text('The digest that it must have: `sha256=<hex>`, or where a file of digests lies.').optional(),
    source_hash_name: text('The name to look for in a file of digests.').optional(),
    source_hash_update: flag('Unpacks it again when files that lie there differ from those in it.').default(false),
    skip_verify: flag('Takes the source whatever its digest is.').default(false),
    archive_format: oneOf(['tar', 'zip'], 'What it is. Else that is seen from its content.').optional(),
    options: text('For tar: `--strip-components=N` leaves out the N folders at the top.').optional(),
    enforce_toplevel: flag('Refuses an archive that does not have one folder at its top.').default(true),
    if_missing: path('Does nothing when something lies here.').optional(),
    overwrite: flag('As `source_hash_update`.').default(false),
    user: text('Who owns what is in it.').optional(),
    group: text('The group that owns it.').optional(),
    keep_source: flag('Taken for the sake of files written for Salt: nothing is kept beside the sources.').default(
      true,
    ),
    trim_output: flag('Taken for the sake of files written for Salt; has no effect.').default(false),
  })

type Want = ArgsOf<typeof wanted>

export const extracted = state({
  summary: 'All that is in the archive lies in the folder. What lies there already stays as it is.',
  args: wanted,
  reports: { extracted_files: 'The paths in the archive that were missing.' },
  example: `
    /opt/samtools:
      archive.extracted:
        - source: https://example.org/samtools-1.20.tar.gz
        - source_hash: sha256=0e5cbb6a4bb5a2b2a3bd2d3ccb1c8e3f6e4bd8d8a87bb3a8c2b6a4f0a2b1c3d4
        - options: --strip-components=1
        - enforce_toplevel: false
        - if_missing: /opt/samtools/Makefile
  `,
  async *plan(view, want) {
    if (want.user !== undefined) await requireUser(view, want.user)
    if (want.group !== undefined) await requireGroup(view, want.group)
    const { if_missing: marker } = want
    if (marker !== undefined && (await view.stat(marker)) !== undefined) {
      return yield* planOf([], `Path ${marker} exists`)
    }
    const entries = await readArchive(view, want)
    const open: Entry[] = []
    for (const entry of entries) if (!(await isThere(view, entry, want))) open.push(entry)
    return yield* planOf(open.length === 0 ? [] : [extraction(open, want)], 'All files in archive are already present')
  },
})

function extraction(open: readonly Entry[], want: Want): Change {
  const made = open.map(({ path }) => ({ kind: 'path' as const, name: joinPath(want.name, path) }))
  const shown = open.map(({ path }) => path)
  const shows = shown.length > 20 ? [...shown.slice(0, 20), `and ${shown.length - 20} more`] : shown
  return change('extracted_files', shows, [{ kind: 'path', name: want.name }, ...made], async (host) => {
    for (const entry of open) await put(host, entry, want)
    return { comment: `${want.source} extracted to ${want.name}` }
  })
}

async function isThere(view: View, entry: Entry, want: Want): Promise<boolean> {
  const at = joinPath(want.name, entry.path)
  const has = await view.stat(at)
  if (has === undefined || has.type !== (entry.type === 'link' ? 'file' : entry.type)) return false
  if (want.user !== undefined && ![has.user, String(has.uid)].includes(want.user)) return false
  if (want.group !== undefined && ![has.group, String(has.gid)].includes(want.group)) return false
  if (!want.source_hash_update && !want.overwrite) return true
  if (entry.type === 'symlink') return has.target === entry.target
  if (entry.type !== 'file') return true
  const content = await entry.content()
  if (has.size !== content.length) return false
  const there = await view.read(at)
  return there !== undefined && there.every((byte, index) => byte === content[index])
}

async function put(host: Host, entry: Entry, want: Want): Promise<void> {
  const at = joinPath(want.name, entry.path)
  const owner = { user: want.user, group: want.group }
  await host.mkdir(parentOf(at), { parents: true })
  const has = await host.stat(at)
  if (has !== undefined && has.type !== 'directory' && has.type !== 'file') await host.remove(at)
  if (entry.type === 'file') return host.write(at, await entry.content(), { ...owner, mode: entry.mode })
  if (entry.type === 'directory') await host.mkdir(at, { mode: entry.mode })
  if (entry.type === 'symlink') await host.symlink(entry.target ?? '', at)
  if (entry.type === 'link') await host.run(['ln', '-f', joinPath(want.name, entry.target ?? ''), at], { check: true })
  if (want.user !== undefined || want.group !== undefined) await host.chown(at, want.user, want.group)
}

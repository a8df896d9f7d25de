import { change, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { nameOf } from '../../core/module/path.ts'
import type { View } from '../../core/module/view.ts'
import { type InstallOptions, managerOf } from './manager.ts'
import { installedNow } from './outcome.ts'
import { versionsOf } from './wish.ts'

/** Installs the package files of the names that are not installed yet, in one go. */
export async function sourceChanges(
  view: View,
  sources: Readonly<Record<string, string>>,
  options: InstallOptions,
): Promise<Change[]> {
  const manager = managerOf(view)
  const before = await manager.installed(view)
  const open = Object.entries(sources).filter(([name]) => versionsOf(before, name) === undefined)
  if (open.length === 0) return []
  const names = open.map(([name]) => name)
  const makes = [...names.map((name) => ({ kind: 'package' as const, name })), 'anything' as const]
  return [
    change(names.join(', '), { old: '', new: open.map(([, source]) => source).join(', ') }, makes, async (host) => {
      await inTemporaryFolder(host, async (folder) => {
        const files = await Promise.all(open.map(([name, source]) => local(host, folder, name, source)))
        await manager.installFiles(host, files, options)
      })
      return installedNow(host, before, names)
    }),
  ]
}

/** The file on this machine: where it lies already, or in the folder once it was fetched. */
async function local(host: Host, folder: string, name: string, source: string): Promise<string> {
  if (source.startsWith('/')) return source
  const ending = /\.(?:deb|rpm)$/u.exec(nameOf(source))?.[0] ?? ''
  const path = `${folder}/${name}${ending}`
  await host.write(path, await host.fetch(source), { mode: '0644' })
  return path
}

async function inTemporaryFolder(host: Host, act: (folder: string) => Promise<void>): Promise<void> {
  const folder = (await host.run(['mktemp', '-d'], { check: true })).stdout.trim()
  try {
    // apt reads package files as a user of its own
    await host.chmod(folder, '0755')
    await act(folder)
  } finally {
    await host.remove(folder)
  }
}

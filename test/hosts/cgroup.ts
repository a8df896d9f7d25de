import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes a cgroup for one host in each hierarchy that systemd keeps its units in, and gives their folders. systemd-nspawn
 * stays in the cgroup that it is started in: without one for each host all of them would share one, and units of the same
 * name on two hosts (a daemon's service, the scope of a job that went to both) would be one cgroup to both of them.
 */
export async function makeCgroups(name: string): Promise<string[]> {
  const folders = (await hierarchies()).map((at) => join(at, name))
  for (const folder of folders) await mkdir(folder, { recursive: true })
  return folders
}

/** Removes the cgroups of a host that is off. Nothing there is no error. */
export async function removeCgroups(name: string): Promise<void> {
  for (const at of await hierarchies()) await removeTree(join(at, name))
}

/** Where cgroup version 2 is mounted, and the hierarchy of version 1 that systemd has for itself. */
async function hierarchies(): Promise<string[]> {
  return cgroupMounts(await readFile('/proc/mounts', 'utf8'))
}

/** Reads `/proc/mounts`. */
export function cgroupMounts(mounts: string): string[] {
  return mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type, options = '']) => type === 'cgroup2' || (type === 'cgroup' && options.includes('name=systemd')))
    .map(([, at = '']) => at)
}

/** A cgroup's own files go with its folder, and only empty folders go: the deepest first. */
async function removeTree(folder: string): Promise<void> {
  const inside = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of inside) if (entry.isDirectory()) await removeTree(join(folder, entry.name))
  await rmdir(folder).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  })
}

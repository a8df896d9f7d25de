import { UserError } from '../../core/errors.ts'
import { args, flag, oneOf, path } from '../../core/module/args.ts'
import { change, ChangeFailed } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'

const KINDS = ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'vfat'] as const

export const formatted = state({
  summary: 'There is a file system of this kind on the device. One of another kind is only overwritten by `force`.',
  args: () =>
    args({
      name: path('The device: `/dev/vdb`, or a file that is an image of one.'),
      fs_type: oneOf(KINDS, 'The kind of the file system.').default('ext4'),
      force: flag('Overwrites what is on it, when that is something else. All of it is lost.').default(false),
    }),
  reports: { filesystem: 'The kind before and after.' },
  example: `
    /dev/vdb:
      blockdev.formatted:
        - fs_type: ext4
  `,
  makes: () => [],
  async *plan(view, { name, fs_type: kind, force }) {
    const stat = await view.stat(name)
    if (stat === undefined) {
      view.missing({ kind: 'path', name })
      throw new UserError('no-device', `There is no ${name}.`, { hint: "'lsblk' shows the devices of this machine." })
    }
    const has = await kindOf(view, name)
    if (has === kind) return yield* planOf([], `${name} already has a file system of the kind ${kind}`)
    if (has !== '' && !force) {
      throw new UserError('not-empty', `There is something on ${name} already: ${has}.`, {
        hint: 'When nothing of it is needed any more, `force: true` overwrites it.',
      })
    }
    yield change('filesystem', { old: has, new: kind }, [{ kind: 'path', name }, 'anything'], async (host) => {
      const { exitCode, stderr } = await host.run([`mkfs.${kind}`, ...FLAGS[kind](force), name])
      if (exitCode === 0) return
      const said = exitCode === 127 ? `this machine has no mkfs.${kind}` : stderr.trim()
      throw new ChangeFailed(`${name} could not be formatted: ${said}`)
    })
    return ''
  },
})

/** What each program needs so that it asks nothing, and overwrites only when it may. */
const FLAGS: Readonly<Record<(typeof KINDS)[number], (force: boolean) => string[]>> = {
  ext2: () => ['-q', '-F'],
  ext3: () => ['-q', '-F'],
  ext4: () => ['-q', '-F'],
  xfs: (force) => ['-q', ...(force ? ['-f'] : [])],
  btrfs: (force) => ['-q', ...(force ? ['-f'] : [])],
  vfat: () => [],
}

/** The kind of file system, or whatever else blkid finds; empty when there is nothing. */
async function kindOf(view: View, name: string): Promise<string> {
  const { exitCode, stdout, stderr } = await view.query(['blkid', '-p', '-o', 'export', '--', name])
  // 2: nothing is known of what is on it, if anything is.
  if (exitCode === 2) return ''
  if (exitCode !== 0) {
    const said = exitCode === 127 ? 'this machine has no blkid' : stderr.trim() || 'several kinds at once'
    throw new UserError('blkid-failed', `What is on ${name} can't be told: ${said}.`)
  }
  const found = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]))
  return found.get('TYPE') ?? `a partition table (${found.get('PTTYPE') ?? 'of an unknown kind'})`
}

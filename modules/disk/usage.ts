import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const usage = fn({
  summary: 'Answers how full each file system is, by where it is mounted. Sizes are in KiB.',
  args: () => args({ path: text('Only the file system that this path lies on.').optional() }),
  example: 'disk.usage',
  changes: false,
  async run(view, want) {
    const { stdout } = await view.query(['df', '-P', '-k', ...(want.path === undefined ? [] : [want.path])])
    return parseDf(stdout)
  },
})

interface Usage {
  filesystem: string
  '1K-blocks': number
  used: number
  available: number
  capacity: string
}

/** The POSIX output of `df -P -k`. A mount point may hold spaces. */
export function parseDf(stdout: string): Record<string, Usage & Record<string, string | number>> {
  const rows = stdout.trim().split('\n').slice(1)
  return Object.fromEntries(
    rows.flatMap((row) => {
      const [filesystem = '', blocks, used, available, capacity = '', ...mount] = row.trim().split(/\s+/u)
      const sizes = { '1K-blocks': Number(blocks), used: Number(used), available: Number(available) }
      return mount.length === 0 ? [] : [[mount.join(' '), { filesystem, ...sizes, capacity }] as const]
    }),
  )
}

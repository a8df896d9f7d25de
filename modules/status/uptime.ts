import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { readProc } from './proc.ts'

export const uptime = fn({
  summary: 'Answers since when this machine is up, in seconds and days.',
  args: () => args({}),
  example: 'status.uptime',
  changes: false,
  async run(view) {
    const seconds = Math.floor(Number((await readProc(view, '/proc/uptime')).split(' ')[0]))
    return { seconds, days: Math.floor(seconds / 86_400) }
  },
})

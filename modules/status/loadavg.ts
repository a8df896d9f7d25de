import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { readProc } from './proc.ts'

export const loadavg = fn({
  summary: 'Answers how many programs wanted a processor, on average over 1, 5 and 15 minutes.',
  args: () => args({}),
  example: 'status.loadavg',
  changes: false,
  async run(view) {
    const [one, five, fifteen] = (await readProc(view, '/proc/loadavg')).split(' ').map(Number)
    return { '1-min': one ?? 0, '5-min': five ?? 0, '15-min': fifteen ?? 0 }
  },
})

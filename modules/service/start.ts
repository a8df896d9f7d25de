import { fn } from '../../core/module/fn.ts'
import { doing, one } from './one.ts'

export const start = fn({
  summary: 'Starts the service.',
  args: one,
  example: 'service.start postgresql',
  changes: true,
  run: (host, want) => doing(host, want.name, 'start'),
})

import { fn } from '../../core/module/fn.ts'
import { doing, one } from './one.ts'

export const restart = fn({
  summary: 'Restarts the service.',
  args: one,
  example: 'service.restart postgresql',
  changes: true,
  run: (host, want) => doing(host, want.name, 'restart'),
})

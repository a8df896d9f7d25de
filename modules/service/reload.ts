import { fn } from '../../core/module/fn.ts'
import { doing, one } from './one.ts'

export const reload = fn({
  summary: 'Has the service read its settings again.',
  args: one,
  example: 'service.reload postgresql',
  changes: true,
  run: (host, want) => doing(host, want.name, 'reload'),
})

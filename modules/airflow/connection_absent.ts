import { args, text } from '../../core/module/args.ts'
import { state } from '../../core/module/state.ts'
import { place } from './python.ts'
import { rowAbsent } from './row.ts'

export const connectionAbsent = state({
  summary: 'Airflow has no such connection.',
  args: () => args({ name: text("The connection's id."), ...place }),
  reports: { connection: 'The connection that was there.' },
  example: `
    samples:
      airflow_connection.absent: []
  `,
  plan: (view, { name, ...where }) => rowAbsent(view, where, 'connections', name),
})

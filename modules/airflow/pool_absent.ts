import { args, text } from '../../core/module/args.ts'
import { state } from '../../core/module/state.ts'
import { place } from './python.ts'
import { rowAbsent } from './row.ts'

export const poolAbsent = state({
  summary: 'Airflow has no such pool.',
  args: () => args({ name: text("The pool's name."), ...place }),
  reports: { pool: 'The pool that was there.' },
  example: `
    io:
      airflow_pool.absent: []
  `,
  plan: (view, { name, ...where }) => rowAbsent(view, where, 'pools', name),
})

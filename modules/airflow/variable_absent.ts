import { args, text } from '../../core/module/args.ts'
import { state } from '../../core/module/state.ts'
import { place } from './python.ts'
import { rowAbsent } from './row.ts'

export const variableAbsent = state({
  summary: 'Airflow has no such variable.',
  args: () => args({ name: text("The variable's key."), ...place }),
  reports: { variable: 'The variable that was there.' },
  example: `
    reference:
      airflow_variable.absent: []
  `,
  plan: (view, { name, ...where }) => rowAbsent(view, where, 'variables', name),
})

import { anything, args, text } from '../../core/module/args.ts'
import { state } from '../../core/module/state.ts'
import { place } from './python.ts'
import { rowPresent } from './row.ts'

export const variablePresent = state({
  summary: 'Airflow has this variable.',
  args: () =>
    args({
      name: text('Its key.'),
      value: anything('Its value: a text, or data that becomes JSON.'),
      description: text('What it is for, for people.').optional(),
      ...place,
    }),
  reports: {
    variable: 'The variable, when it was made.',
    val: '`changed`: there may be secrets in it.',
    description: 'Before and after.',
  },
  example: `
    reference:
      airflow_variable.present:
        - value: { genome: /data/reference/genome.fa, build: GRCh38 }
  `,
  makes: ({ name }) => [{ kind: 'airflow', name }],
  plan(view, { name, value, description, ...where }) {
    const val = typeof value === 'string' ? value : JSON.stringify(value)
    const values = { val, ...(description === undefined ? {} : { description }) }
    return rowPresent(view, where, { kind: 'variables', name, values, hidden: ['val'] })
  },
})

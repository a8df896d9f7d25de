import { args, flag, integer, text } from '../../core/module/args.ts'
import { state } from '../../core/module/state.ts'
import { place } from './python.ts'
import { rowPresent } from './row.ts'

export const poolPresent = state({
  summary: 'Airflow has this pool, with so many slots.',
  args: () =>
    args({
      name: text("The pool's name."),
      slots: integer('How many tasks may run in it at once; -1 for any number.'),
      description: text('What it is for, for people.').default(''),
      include_deferred: flag('Whether tasks that are waiting for something outside count too.').default(false),
      ...place,
    }),
  reports: { pool: 'The pool, when it was made.', 'slots|description|include_deferred': 'Before and after.' },
  example: `
    io:
      airflow_pool.present:
        - slots: 8
        - description: Tasks that read much from the shared disk
  `,
  makes: ({ name }) => [{ kind: 'airflow', name }],
  plan(view, { name, slots, description, include_deferred, ...where }) {
    return rowPresent(view, where, { kind: 'pools', name, values: { slots, description, include_deferred } })
  },
})

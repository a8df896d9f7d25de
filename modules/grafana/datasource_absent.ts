import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connecting, tell } from './api.ts'

export const datasourceAbsent = state({
  summary: 'Grafana has no such data source.',
  args: () => args({ name: text('Its name.'), ...connecting }),
  reports: { datasource: 'The data source that was there.' },
  example: `
    old-metrics:
      grafana_datasource.absent:
        - admin_password: {{secret 'grafana/admin'}}
  `,
  makes: ({ name }) => [{ kind: 'grafana', name }],
  async *plan(view, { name, ...connection }) {
    const path = `/datasources/name/${encodeURIComponent(name)}`
    if ((await ask(view, connection, path)) === undefined) return yield* planOf([], `There is no data source ${name}`)
    yield change('datasource', { old: name, new: '' }, [{ kind: 'grafana', name }], (host) =>
      tell(host, connection, 'DELETE', path),
    )
    return ''
  },
})

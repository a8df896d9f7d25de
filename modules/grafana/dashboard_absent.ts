import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connecting, tell } from './api.ts'

export const dashboardAbsent = state({
  summary: 'Grafana has no dashboard with this uid.',
  args: () => args({ name: text('Its uid.'), ...connecting }),
  reports: { dashboard: 'The dashboard that was there.' },
  example: `
    old-hosts:
      grafana_dashboard.absent:
        - admin_password: {{secret 'grafana/admin'}}
  `,
  makes: ({ name }) => [{ kind: 'grafana', name }],
  async *plan(view, { name, ...connection }) {
    const path = `/dashboards/uid/${encodeURIComponent(name)}`
    if ((await ask(view, connection, path)) === undefined) return yield* planOf([], `There is no dashboard ${name}`)
    yield change('dashboard', { old: name, new: '' }, [{ kind: 'grafana', name }], (host) =>
      tell(host, connection, 'DELETE', path),
    )
    return ''
  },
})

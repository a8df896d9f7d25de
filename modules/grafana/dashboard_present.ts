import { inKeyOrder, isMap, mapIn, type Data, type DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { anything, args, type ArgsOf, source, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { diffOf } from '../../core/text/diff.ts'
import { ask, connecting, tell } from './api.ts'

const wanted = () =>
  args({
    name: text('Its uid, by which it is found again.'),
    source: source('The dashboard as Grafana exports it: a file of JSON.').optional(),
    dashboard: anything('The dashboard itself, in place of a file: a map.').optional(),
    folder_uid: text('The uid of the folder that a new one is put into.').optional(),
    ...connecting,
  })

type Want = ArgsOf<typeof wanted>

export const dashboardPresent = state({
  summary: 'Grafana has this dashboard, just so. What people have changed in it by hand is put back.',
  args: wanted,
  reports: { dashboard: 'The dashboard when it was made; else what is different in its JSON.' },
  example: `
    butler-hosts:
      grafana_dashboard.present:
        - source: butler://grafana/files/dashboards/hosts.json
        - admin_password: {{secret 'grafana/admin'}}
  `,
  makes: ({ name }) => [{ kind: 'grafana', name }],
  async *plan(view, want) {
    const dashboard = { ...(await wantedDashboard(view, want)), uid: want.name }
    const found = await ask(view, want, `/dashboards/uid/${encodeURIComponent(want.name)}`)
    const [old, now] = [found === undefined ? '' : shown(mapIn(found, 'dashboard')), shown(dashboard)]
    if (old === now) return yield* planOf([], `Dashboard ${want.name} is as it should be`)
    const shows = found === undefined ? { old: '', new: want.name } : diffOf(bytes(old), bytes(now))
    yield change('dashboard', shows, [{ kind: 'grafana', name: want.name }], (host) => {
      const folder = want.folder_uid === undefined ? {} : { folderUid: want.folder_uid }
      // Without an id Grafana goes by the uid.
      return tell(host, want, 'POST', '/dashboards/db', { dashboard: own(dashboard), overwrite: true, ...folder })
    })
    return ''
  },
})

async function wantedDashboard(view: View, { name, source, dashboard }: Want): Promise<DataMap> {
  if ((source === undefined) === (dashboard === undefined)) {
    throw new UserError('no-dashboard', `Either 'source' or 'dashboard' says what '${name}' is.`, {
      hint: 'Give one of them, and only one.',
    })
  }
  const data = source === undefined ? dashboard : parsed(source, await view.fetch(source))
  if (data !== undefined && isMap(data)) return data
  throw new UserError('no-dashboard', `The dashboard '${name}' must be a map, as Grafana exports it.`)
}

function parsed(source: string, content: Uint8Array): Data {
  try {
    return JSON.parse(new TextDecoder().decode(content)) as Data
  } catch (cause) {
    throw new UserError('no-dashboard', `${source} holds no JSON.`, { cause })
  }
}

/** Id and version are Grafana's own: it counts them. */
function own(dashboard: DataMap): DataMap {
  return Object.fromEntries(Object.entries(dashboard).filter(([key]) => key !== 'id' && key !== 'version'))
}

function shown(dashboard: DataMap): string {
  return `${JSON.stringify(inKeyOrder(own(dashboard)), null, 2)}\n`
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

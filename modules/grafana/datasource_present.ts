import { inKeyOrder, isMap, mapIn, type Data, type DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { anything, args, type ArgsOf, flag, oneOf, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { digestOf } from '../../core/module/digest.ts'
import { planOf, state } from '../../core/module/state.ts'
import { ask, connecting, tell } from './api.ts'

const wanted = () =>
  args({
    name: text('Its name.'),
    type: text('Its kind: `influxdb`, `postgres`, `prometheus` ...'),
    uid: text('Its id in dashboards; Grafana makes one when it is left out.').optional(),
    datasource_url: text('Where its data are.').default(''),
    access: oneOf(['proxy', 'direct'], 'Who asks it: Grafana, or the browser.').default('proxy'),
    database: text('The database.').default(''),
    user: text('Who logs in.').default(''),
    is_default: flag('Whether it is taken where none is named.').default(false),
    json_data: anything('What this kind takes besides: a map.').optional(),
    secure_json_data: anything('What of it is secret: a map; give its values as secrets.').optional(),
    ...connecting,
  })

type Want = ArgsOf<typeof wanted>

export const datasourcePresent = state({
  summary: 'Grafana has this data source.',
  args: wanted,
  reports: { datasource: 'The data source when it was made; else what is different, by field.' },
  example: `
    metrics:
      grafana_datasource.present:
        - type: influxdb
        - datasource_url: https://influxdb.service.consul:8086
        - database: metrics
        - user: grafana
        - secure_json_data: { password: "{{secret 'influxdb/grafana'}}" }
        - admin_password: {{secret 'grafana/admin'}}
  `,
  makes: ({ name }) => [{ kind: 'grafana', name }],
  async *plan(view, want) {
    const body = bodyOf(want)
    const has = await ask(view, want, `/datasources/name/${encodeURIComponent(want.name)}`)
    const makes = [{ kind: 'grafana', name: want.name }] as const
    if (has === undefined) {
      return yield* planOf(
        [
          change('datasource', { old: '', new: want.name }, makes, (host) =>
            tell(host, want, 'POST', '/datasources', body),
          ),
        ],
        '',
      )
    }
    const shows = differences(has, body)
    if (Object.keys(shows).length === 0) return yield* planOf([], `Data source ${want.name} is as it should be`)
    yield change('datasource', shows, makes, (host) => {
      const uid = typeof has['uid'] === 'string' ? has['uid'] : ''
      return tell(host, want, 'PUT', `/datasources/uid/${encodeURIComponent(uid)}`, body)
    })
    return ''
  },
})

function bodyOf(want: Want): DataMap {
  const { name, type, uid, access, database, user, is_default: isDefault } = want
  const secure = mapOf(want.secure_json_data, 'secure_json_data')
  // Grafana never tells a secret again: by this mark it is seen that one has become another.
  const mark =
    Object.keys(secure).length === 0 ? {} : { butler: digestOf('sha256', JSON.stringify(inKeyOrder(secure))) }
  return {
    name,
    type,
    access,
    database,
    user,
    isDefault,
    url: want.datasource_url,
    ...(uid === undefined ? {} : { uid }),
    jsonData: { ...mapOf(want.json_data, 'json_data'), ...mark },
    secureJsonData: secure,
  }
}

function mapOf(value: Data | undefined, argument: string): DataMap {
  if (value === undefined) return {}
  if (isMap(value)) return value
  throw new UserError('not-a-map', `'${argument}' must be a map, such as { httpMode: GET }.`)
}

/** What is different of what is given; Grafana keeps more. */
function differences(has: DataMap, body: DataMap): DataMap {
  const { jsonData, secureJsonData: _, ...fields } = body
  const own = Object.entries(fields).map(([key, value]) => [key, has[key] ?? null, value] as const)
  const below = Object.entries(isMap(jsonData) ? jsonData : {}).map(
    ([key, value]) => [key, mapIn(has, 'jsonData')[key] ?? null, value] as const,
  )
  return Object.fromEntries(
    [...own, ...below]
      .filter(([, old, now]) => JSON.stringify(inKeyOrder(old)) !== JSON.stringify(inKeyOrder(now)))
      .map(([key, old, now]) => (key === 'butler' ? ['secrets', 'changed'] : [key, { old, new: now }])),
  )
}

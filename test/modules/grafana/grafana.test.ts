import { readFileSync } from 'node:fs'
import t from 'tap'
import { apply, folder, holds, plan } from '../applied.ts'
import { grafanaStandIn, PASSWORD } from './stand-in.ts'

const SECRETS = { 'grafana/admin': PASSWORD, 'influxdb/grafana': 'reads' }
const HOSTS = readFileSync('states/grafana/files/dashboards/hosts.json', 'utf8')

t.test('a data source is made, kept, and mended', async (t) => {
  const grafana = await grafanaStandIn(t)
  const states = (more = ''): string => `
metrics:
  grafana_datasource.present:
    - type: influxdb
    - datasource_url: https://influxdb.service.consul:8086
    - database: metrics
    - json_data: { httpMode: GET }
    - secure_json_data: { password: "{{secret 'influxdb/grafana'}}" }
    - url: ${grafana.url}
    - admin_password: {{secret 'grafana/admin'}}
${more}`
  await holds(t, folder(t), states(), { secrets: SECRETS })
  const kept = grafana.datasources.get('metrics')
  t.match(kept, { type: 'influxdb', access: 'proxy', url: 'https://influxdb.service.consul:8086' })
  t.notMatch(JSON.stringify(kept), 'reads', 'Grafana tells no secret, and Butler puts none where it would be told')

  if (kept !== undefined) kept['database'] = 'other'
  t.match(await apply(states(), { secrets: SECRETS }), [
    { result: true, changes: { datasource: { database: { old: 'other', new: 'metrics' } } } },
  ])
  t.match(
    await plan(states(), { secrets: { ...SECRETS, 'influxdb/grafana': 'another' } }),
    [{ result: null, changes: { datasource: { secrets: 'changed' } } }],
    'a secret that has become another is seen',
  )
  const absent = `metrics:\n  grafana_datasource.absent:\n    - url: ${grafana.url}\n    - admin_password: ${PASSWORD}\n`
  await holds(t, folder(t), absent)
  t.equal(grafana.datasources.size, 0)
})

t.test('a dashboard is made, and put back when somebody changed it', async (t) => {
  const grafana = await grafanaStandIn(t)
  const present = `butler-hosts:\n  grafana_dashboard.present:\n    - source: butler://hosts.json\n    - url: ${grafana.url}\n    - admin_password: ${PASSWORD}\n`
  const files = { 'states/hosts.json': HOSTS }
  await holds(t, folder(t), present, { files })
  const kept = grafana.dashboards.get('butler-hosts')
  if (kept !== undefined) kept['title'] = 'By hand'
  const [mended] = await apply(present, { files })
  t.match(mended, { result: true, changes: { dashboard: /^-.*By hand/mu } })
  t.match(await plan(present, { files }), [{ result: true, changes: {} }])

  const absent = `butler-hosts:\n  grafana_dashboard.absent:\n    - url: ${grafana.url}\n    - admin_password: ${PASSWORD}\n`
  await holds(t, folder(t), absent)
})

t.test('who may not, what is no dashboard, and no Grafana', async (t) => {
  const { url } = await grafanaStandIn(t)
  const state = (password: string, more: string, at = url): string =>
    `x:\n  grafana_dashboard.present:\n    - url: ${at}\n    - admin_password: ${password}\n${more}`
  const dashboard = '    - dashboard: { title: x }\n'
  t.match(await apply(state('wrong', dashboard)), [{ comment: /\(401\): Invalid username or password/u }])
  t.match(await apply(state(PASSWORD, '')), [{ comment: /Either 'source' or 'dashboard'/u }])
  t.match(await apply(state(PASSWORD, '    - dashboard: [1]\n')), [{ comment: /must be a map/u }])
  t.match(await apply(state(PASSWORD, '    - source: butler://x\n'), { files: { 'states/x': '{' } }), [
    { comment: /holds no JSON/u },
  ])
  t.match(await apply(state(PASSWORD, dashboard, 'http://127.0.0.1:1')), [{ comment: /Grafana does not answer/u }])
})

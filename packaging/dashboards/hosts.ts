import { type Dashboard, DashboardBuilder, QueryVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { METRICS, rate } from './metrics.ts'
import { type Asked, byHost } from './queries.ts'

const PANELS: readonly { title: string; unit: string; asks: Asked }[] = [
  { title: 'Load', unit: 'short', asks: { measurement: 'load_shortterm' } },
  {
    title: 'Processors in use',
    unit: 'percent',
    asks: { measurement: 'cpu_value', shows: '100 - mean("value")', where: `"type_instance" = 'idle'` },
  },
  { title: 'Memory in use', unit: 'bytes', asks: { measurement: 'memory_value', where: `"type_instance" = 'used'` } },
  {
    title: 'Disks in use',
    unit: 'percent',
    asks: {
      measurement: 'df_value',
      where: `"type" = 'percent_bytes' AND "type_instance" = 'used'`,
      by: ['instance'],
    },
  },
  {
    title: 'Received',
    unit: 'Bps',
    asks: { measurement: 'interface_rx', shows: rate(), where: `"type" = 'if_octets'`, by: ['instance'] },
  },
  {
    title: 'Sent',
    unit: 'Bps',
    asks: { measurement: 'interface_tx', shows: rate(), where: `"type" = 'if_octets'`, by: ['instance'] },
  },
  {
    title: 'Read from disks',
    unit: 'Bps',
    asks: { measurement: 'disk_read', shows: rate(), where: `"type" = 'disk_octets'`, by: ['instance'] },
  },
  {
    title: 'Written to disks',
    unit: 'Bps',
    asks: { measurement: 'disk_write', shows: rate(), where: `"type" = 'disk_octets'`, by: ['instance'] },
  },
]

/** What every host of the cluster is doing. */
export function hosts(): Dashboard {
  const host = new QueryVariableBuilder('host')
    .label('Host')
    .datasource(METRICS)
    .query('SHOW TAG VALUES FROM "load_shortterm" WITH KEY = "host"')
    .includeAll(true)
    .multi(true)
  const dashboard = new DashboardBuilder('Hosts')
    .uid('butler-hosts')
    .tags(['butler'])
    .editable()
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .withVariable(host)
  for (const { title, unit, asks } of PANELS) {
    dashboard.withPanel(
      new PanelBuilder().title(title).unit(unit).datasource(METRICS).span(12).height(8).withTarget(byHost(asks)),
    )
  }
  return dashboard.build()
}

import { type Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { METRICS, rate } from './metrics.ts'
import { type Asked, ofAllHosts } from './queries.ts'

const PANELS: readonly { title: string; unit: string; asks: Asked; of: 'sum' | 'mean' | 'max' | 'count' }[] = [
  { title: 'Hosts that send metrics', unit: 'short', asks: { measurement: 'load_shortterm' }, of: 'count' },
  { title: 'Load of all hosts', unit: 'short', asks: { measurement: 'load_shortterm' }, of: 'sum' },
  {
    title: 'Processors in use, on average',
    unit: 'percent',
    asks: { measurement: 'cpu_value', shows: '100 - mean("value")', where: `"type_instance" = 'idle'` },
    of: 'mean',
  },
  {
    title: 'Memory in use',
    unit: 'bytes',
    asks: { measurement: 'memory_value', where: `"type_instance" = 'used'` },
    of: 'sum',
  },
  {
    title: 'The fullest disk',
    unit: 'percent',
    asks: {
      measurement: 'df_value',
      where: `"type" = 'percent_bytes' AND "type_instance" = 'used'`,
      by: ['instance'],
    },
    of: 'max',
  },
  {
    title: 'Sent by all hosts',
    unit: 'Bps',
    asks: { measurement: 'interface_tx', shows: rate(), where: `"type" = 'if_octets'`, by: ['instance'] },
    of: 'sum',
  },
]

/** What the cluster as a whole is doing. */
export function cluster(): Dashboard {
  const dashboard = new DashboardBuilder('Cluster')
    .uid('butler-cluster')
    .tags(['butler'])
    .editable()
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
  for (const { title, unit, asks, of } of PANELS) {
    dashboard.withPanel(
      new PanelBuilder()
        .title(title)
        .unit(unit)
        .datasource(METRICS)
        .span(12)
        .height(8)
        .withTarget(ofAllHosts(asks, of)),
    )
  }
  return dashboard.build()
}

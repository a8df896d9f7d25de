import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog'

/** A query of InfluxDB as Grafana keeps it; the SDK has no builder for this kind of data source. */
interface InfluxQuery extends Dataquery {
  refId: string
  rawQuery: true
  resultFormat: 'time_series'
  alias: string
  query: string
}

export interface Asked {
  /** What collectd's reading is called in InfluxDB, such as `cpu_value`. */
  measurement: string
  /** What to show of it: `mean("value")`; the mean when left out. */
  shows?: string
  /** Only these readings: `"type_instance" = 'idle'`. */
  where?: string
  /** By which tags besides the host. */
  by?: readonly string[]
}

/** A line for each host, and for each value of the other tags. */
export function byHost({ measurement, shows = 'mean("value")', where, by = [] }: Asked): {
  build(): InfluxQuery
} {
  const wanted = ['"host" =~ /^$host$/', '$timeFilter', ...(where === undefined ? [] : [where])].join(' AND ')
  const tags = ['time($__interval)', ...['host', ...by].map((tag) => `"${tag}"`)].join(', ')
  const query: InfluxQuery = {
    refId: 'A',
    rawQuery: true,
    resultFormat: 'time_series',
    alias: ['host', ...by].map((tag) => `$tag_${tag}`).join(' '),
    query: `SELECT ${shows} FROM "${measurement}" WHERE ${wanted} GROUP BY ${tags} fill(null)`,
    _implementsDataqueryVariant() {},
  }
  return { build: () => query }
}

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
export function byHost(asked: Asked): { build(): InfluxQuery } {
  const alias = ['host', ...(asked.by ?? [])].map((tag) => `$tag_${tag}`).join(' ')
  return influx(alias, perHost(asked, ['"host" =~ /^$host$/']))
}

/** One line for all hosts together. */
export function ofAllHosts(asked: Asked, of: 'sum' | 'mean' | 'max' | 'count'): { build(): InfluxQuery } {
  const inner = perHost({ ...asked, shows: `${asked.shows ?? MEAN} AS "each"` }, [])
  return influx(of, `SELECT ${of}("each") FROM (${inner}) WHERE $timeFilter GROUP BY time($__interval) fill(null)`)
}

const MEAN = 'mean("value")'

function perHost({ measurement, shows = MEAN, where, by = [] }: Asked, only: readonly string[]): string {
  const wanted = [...only, '$timeFilter', ...(where === undefined ? [] : [where])].join(' AND ')
  const tags = ['time($__interval)', ...['host', ...by].map((tag) => `"${tag}"`)].join(', ')
  return `SELECT ${shows} FROM "${measurement}" WHERE ${wanted} GROUP BY ${tags} fill(null)`
}

function influx(alias: string, query: string): { build(): InfluxQuery } {
  const built: InfluxQuery = {
    refId: 'A',
    rawQuery: true,
    resultFormat: 'time_series',
    alias,
    query,
    _implementsDataqueryVariant() {},
  }
  return { build: () => built }
}

/** As the data source is named in states/grafana/files/datasources.yaml. */
export const METRICS = { type: 'influxdb', uid: 'butler-metrics' }

/** Of a counter, which only ever grows: by how much a second. */
export function rate(): string {
  return 'non_negative_derivative(mean("value"), 1s)'
}

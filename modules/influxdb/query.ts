import type { Data } from '../../core/data.ts'
import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { ask, connecting, connectionOf, type Series } from './server.ts'

export const query = fn({
  summary: 'Answers what a statement of InfluxDB selects: for each series its name, its tags and its rows.',
  args: () =>
    args({
      query: text('A statement that only reads: `SHOW ...`, or `SELECT ...` of `"database".."measurement"`.'),
      column: text('Answer only the values of this column or tag, as a list.').optional(),
      ...connecting,
    }),
  example: 'influxdb.query "SHOW DATABASES" column=name',
  changes: false,
  async run(view, want) {
    const series = await ask(view, connectionOf(want), want.query)
    const { column } = want
    if (column !== undefined) return series.flatMap((each) => valuesOf(each, column))
    return series.map(({ name, tags, rows }) => ({ name, tags, rows }))
  },
})

function valuesOf({ tags, rows }: Series, column: string): Data[] {
  const tag = tags[column]
  if (tag !== undefined) return [tag]
  return rows.flatMap((row) => row[column] ?? [])
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { DASHBOARDS, FOLDER } from '../../packaging/dashboards/all.ts'

const BUILT = Object.entries(DASHBOARDS).map(([file, build]) => ({
  file,
  dashboard: JSON.parse(JSON.stringify(build())),
}))

t.test('the dashboards that states/grafana brings are those that are built (npm run dashboards)', async (t) => {
  t.strictSame(readdirSync(FOLDER).toSorted(), BUILT.map(({ file }) => file).toSorted())
  for (const { file, dashboard } of BUILT) {
    t.strictSame(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')), dashboard, file)
  }
})

t.test(
  'each panel asks the data source that the state makes, for readings that the state of collectd takes',
  async (t) => {
    const sources = readFileSync('states/grafana/files/datasources.yaml', 'utf8')
    const collectd = readFileSync('states/collectd/files/collectd.conf', 'utf8')
    for (const { file, dashboard } of BUILT) {
      t.not(dashboard.panels.length, 0, file)
      for (const { title, datasource, targets } of dashboard.panels) {
        t.match(sources, `uid: ${datasource.uid}`, title)
        const [, plugin] = /FROM "([a-z]+)_/u.exec(targets[0].query) ?? []
        t.match(collectd, `LoadPlugin ${plugin}\n`, title)
      }
    }
  },
)

t.test('panels do not lie over each other', async (t) => {
  for (const { file, dashboard } of BUILT) {
    const cells = dashboard.panels.flatMap(
      ({ gridPos: { x, y, w, h } }: { gridPos: Record<'x' | 'y' | 'w' | 'h', number> }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    )
    t.equal(new Set(cells).size, cells.length, file)
  }
})

import { readFileSync } from 'node:fs'
import t from 'tap'
import { hosts } from '../../packaging/dashboards/hosts.ts'

t.test('the dashboards that states/grafana brings are those that are built (npm run dashboards)', async (t) => {
  const file = JSON.parse(readFileSync('states/grafana/files/dashboards/hosts.json', 'utf8'))
  t.strictSame(file, JSON.parse(JSON.stringify(hosts())))
})

t.test(
  'each panel asks the data source that the state makes, for readings that the state of collectd takes',
  async (t) => {
    const { panels = [] } = JSON.parse(JSON.stringify(hosts()))
    const sources = readFileSync('states/grafana/files/datasources.yaml', 'utf8')
    const collectd = readFileSync('states/collectd/files/collectd.conf', 'utf8')
    t.not(panels.length, 0)
    for (const { title, datasource, targets } of panels) {
      t.match(sources, `uid: ${datasource.uid}`, title)
      const [, plugin] = /FROM "([a-z]+)_/u.exec(targets[0].query) ?? []
      t.match(collectd, `LoadPlugin ${plugin}\n`, title)
    }
  },
)

t.test('panels do not lie over each other', async (t) => {
  const { panels = [] } = JSON.parse(JSON.stringify(hosts()))
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }: { gridPos: Record<'x' | 'y' | 'w' | 'h', number> }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
  )
  t.equal(new Set(cells).size, cells.length)
})

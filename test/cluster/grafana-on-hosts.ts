import type { Test } from 'tap'
import { z } from 'zod'
import { DASHBOARDS } from '../../packaging/dashboards/all.ts'
import { makingRepository, VENDOR } from '../hosts/apt-repository.ts'
import type { DebianHost } from '../hosts/host.ts'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { MASTER } from './hosts.ts'
import { changedIn, failedIn, reportOf, resultsOf } from './reports.ts'

/** Grafana's package is in no repository that a test may count on: a stand-in for it, which answers its health page alone. */
const STAND_IN = {
  'DEBIAN/control': [
    'Package: grafana',
    'Version: 0.0~standin',
    'Architecture: all',
    'Maintainer: nobody',
    'Depends: python3-minimal, python3',
    'Description: Stand-in for Grafana, for tests',
    '',
  ].join('\n'),
  'DEBIAN/postinst': '#!/bin/sh\nset -e\nadduser --system --group --home /var/lib/grafana grafana >/dev/null\n',
  'etc/grafana/ldap.toml': '# As the package brings it: nothing of it is in use.\n',
  'usr/share/grafana/api/health': '{"database": "ok", "version": "0.0~standin"}\n',
  'lib/systemd/system/grafana-server.service': [
    '[Service]',
    'User=grafana',
    'ExecStart=/usr/bin/python3 -m http.server 3000 --directory /usr/share/grafana',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n'),
}

/** The state `grafana`, with a stand-in for the package and for the vendor's repository. */
export async function grafanaOnHosts(t: Test, lab: Lab): Promise<void> {
  const master = lab.host(MASTER)
  await makeRepository(master)
  const pillar = { grafana: { repository: VENDOR.line, key: VENDOR.key } }
  const apply = ['apply', MASTER, 'grafana', '--pillar', JSON.stringify(pillar)]

  // No machine has the role, so none may say yet that the service is its own.
  const allowed = { consul: { services: { grafana: 'G@roles:master' } } }
  t.strictSame(
    failedIn(await reportOf(master, 'apply', 'db-server', 'consul', '--pillar', JSON.stringify(allowed))),
    [],
  )
  t.strictSame(failedIn(await reportOf(master, ...apply)), [])
  const again = await reportOf(master, ...apply)
  t.strictSame(failedIn(again), [])
  t.strictSame(changedIn(resultsOf(again, MASTER)), [], 'a second time nothing changes')
  // Consul gives the name out once its check has passed.
  const health = await until('the name of Grafana', async () => {
    const { exitCode, stdout } = await master.run(['curl', '-sS', 'http://grafana.service.consul:3000/api/health'])
    return exitCode === 0 && stdout
  })
  t.match(health, '0.0~standin')
  t.match(JSON.parse(await master.read('/var/lib/grafana/dashboards/hosts.json')), { uid: 'butler-hosts' })
  t.match(await master.must(['stat', '-c', '%U:%G %a', '/etc/grafana/admin.password']), 'root:grafana 640')
  await t.test('the panels of its dashboards are answered', (t) => panelsAreAnswered(t, master))
  t.match(await master.must(['butler-master', 'validate']), /^not deployed +grafana's pages answer/mu)
}

/** What the panels ask, asked of the real InfluxDB: all of it is understood, and load and memory have answers. */
async function panelsAreAnswered(t: Test, master: DebianHost): Promise<void> {
  const where = ['url=https://localhost:8086', 'ca_file=/etc/ssl/butler-ca.crt', 'admin=butler']
  for (const build of Object.values(DASHBOARDS)) {
    const { panels } = panelsOf.parse(JSON.parse(JSON.stringify(build())))
    for (const { title, targets } of panels) {
      const query = (targets[0]?.query ?? '')
        .replaceAll(/FROM "(\w+)"/gu, 'FROM metrics.."$1"')
        .replaceAll('$timeFilter', 'time > now() - 10m')
        .replaceAll('$__interval', '1m')
        .replaceAll('$host', '.*')
      const words = ['run', MASTER, 'influxdb.query', query, ...where, 'admin_password=secret:influxdb/butler']
      const report = await reportOf(master, ...words)
      t.strictSame(failedIn(report), [], `${title}: ${query}`)
      if (/load_|memory_/u.test(query)) t.match(report.targets[MASTER]?.return, [{ rows: [{}] }], title)
    }
  }
}

const panelsOf = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ query: z.string() })) })),
})

async function makeRepository(master: DebianHost): Promise<void> {
  for (const [path, content] of Object.entries(STAND_IN)) {
    await master.put(`/srv/grafana-package/${path}`, content, path === 'DEBIAN/postinst' ? 0o755 : 0o644)
  }
  const install = 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends adduser'
  await master.sh(`${install} && ${makingRepository('dpkg-deb --build /srv/grafana-package grafana.deb')}`)
}

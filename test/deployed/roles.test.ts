// The real roles and states, compiled as the master does it for a small cluster, from this checkout.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { userErrorsOf, formatPlace } from '../../core/errors.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { LowState } from '../../core/compile/low.ts'
import { mapIn, type Data, type DataMap } from '../../core/data.ts'
import { createDesired } from '../../core/desired/create.ts'
import type { Desired } from '../../core/desired/desired.ts'
import { catalog } from '../../modules/catalog.ts'
import { PROJECT } from '../../packaging/bundle.ts'
import { snapshotOf } from '../core/compile/memory-snapshot.ts'

const ADDRESSES = {
  master: '192.0.2.10',
  'db-server': '192.0.2.11',
  'job-queue': '192.0.2.14',
  tracker: '192.0.2.12',
  'worker-1': '192.0.2.13',
}

const SITE = `
target: '*'
pillar:
  debian:
    mirror: http://mirror.example/debian
`

function sources(...left: readonly string[]): Snapshot {
  const paths = globSync('{states,roles,orchestrations}/**/*', { cwd: PROJECT, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT.length))
  const own = paths.map((path) => [path, readFileSync(join(PROJECT, path), 'utf8')] as const)
  const all = { ...Object.fromEntries(own), 'pillar/site.yaml': SITE }
  const files = Object.fromEntries(Object.entries(all).filter(([path]) => !left.includes(path)))
  return { ...snapshotOf(files), id: `without ${left.join(', ')}` }
}

function desiredOn(platform: { os: string; os_family: string }): Desired {
  return createDesired({
    catalog,
    known: {
      grains: (id) => ({ id, ...platform, kernel: 'Linux' }),
      tokenRoles: () => [],
      mine: () => new Map(Object.entries(ADDRESSES).map(([id, address]) => [id, [address]])),
    },
  })
}

const desired = desiredOn({ os: 'Debian', os_family: 'Debian' })
const enterpriseLinux = desiredOn({ os: 'Rocky', os_family: 'RedHat' })

function lowOf(id: string): LowState {
  return desired.low(sources(), id, [])
}

t.test('every minion of the mapping compiles, without a warning', async (t) => {
  for (const id of Object.keys(ADDRESSES)) {
    const low = lowOf(id)
    t.strictSame(low.warnings, [], id)
    t.ok(low.sls.includes('consul'), id)
  }
})

t.test('states that no role has compile too', async (t) => {
  t.strictSame(desired.low(sources(), 'master', ['consul.join-all']).warnings, [])
})

t.test('the three servers of Consul know each other, and clients know them', async (t) => {
  for (const id of Object.keys(ADDRESSES)) {
    const chunk = lowOf(id).chunks.find(({ name }) => name === '/etc/consul.d/butler.json')
    const settings = JSON.stringify(chunk?.args['contents'])
    t.match(settings, String.raw`\"retry_join\": [\"192.0.2.11\", \"192.0.2.10\", \"192.0.2.12\"]`, id)
    t.match(settings, String.raw`\"server\": ${String(!['worker-1', 'job-queue'].includes(id))}`, id)
  }
})

t.test("an agent may write its own node and its roles' services", async (t) => {
  const policies = lowOf('db-server').chunks.filter((chunk) => chunk.function === 'consul_policy.present')
  const rulesOf = (id: string): string =>
    JSON.stringify(policies.find((chunk) => chunk.id === `agent-${id}`)?.args['rules'])
  t.match(
    rulesOf('tracker'),
    /node \\"tracker\\" .*service \\"airflow\\" .*service \\"tracker\\" \{ policy = \\"write\\" \}/u,
  )
  t.notMatch(rulesOf('tracker'), 'postgresql')
  t.notMatch(rulesOf('worker-1'), /service \\"/u)
  t.equal(policies.length, Object.keys(ADDRESSES).length + 1)
})

t.test('secrets go to the roles that need them, as names', async (t) => {
  const everywhere = ['collectd/network', 'consul/gossip', 'consul/reader.uuid']
  // Servers have the token that may do everything, and the first of them makes all others' tokens.
  const management = 'consul/management.uuid'
  const others = Object.keys(ADDRESSES).filter((id) => id !== 'db-server')
  const airflow = ['airflow/api', 'airflow/butler', 'airflow/fernet', 'airflow/jwt']
  const secretsOf = (id: string, ...names: string[]): void => {
    t.strictSame(lowOf(id).secrets, [...everywhere, `consul/${id}/agent.uuid`, ...names].toSorted(), id)
  }
  secretsOf('master', management, 'influxdb/butler', 'influxdb/grafana')
  const users = ['airflow', 'butler', 'celery', 'grafana', 'health']
  const tokens = others.map((id) => `consul/${id}/agent.uuid`)
  secretsOf('db-server', management, ...tokens, ...users.map((user) => `postgres/${user}`))
  secretsOf('job-queue', 'rabbitmq/butler', 'rabbitmq/health')
  secretsOf('worker-1', ...airflow, 'postgres/airflow', 'postgres/celery', 'rabbitmq/butler')
  secretsOf(
    'tracker',
    management,
    ...airflow,
    'postgres/airflow',
    'postgres/butler',
    'postgres/celery',
    'rabbitmq/butler',
  )
})

t.test('a site that does not say where Debian comes from is told what is missing', async (t) => {
  try {
    desired.low(sources('pillar/site.yaml'), 'worker-1', [])
    t.fail('it compiled')
  } catch (thrown) {
    const [error] = userErrorsOf(thrown) ?? []
    t.match(error?.message, 'pillar.debian')
    t.match(error?.at && formatPlace(error.at), /^states\/consul\/init\.yaml:\d+:\d+$/u)
  }
})

t.test('on Enterprise Linux packages, units and files have the names that they have there', async (t) => {
  const chunks = Object.keys(ADDRESSES).flatMap((id) => enterpriseLinux.low(sources(), id, []).chunks)
  const argsOf = (...functions: string[]): DataMap[] =>
    chunks.filter((chunk) => functions.includes(chunk.function)).map(({ args }) => args)
  const packages = argsOf('pkg.installed').flatMap(({ name, pkgs }) =>
    Array.isArray(pkgs) ? pkgs.map((each) => mapIn({ each }, 'each')['name']) : [name],
  )
  const namesOf = (...functions: string[]): Data[] => argsOf(...functions).map(({ name = null }) => name)
  const units = namesOf('service.running', 'service.enabled')
  const files = namesOf('file.managed', 'file.append', 'x509.private_key_managed')

  const had = (names: readonly unknown[], ...wanted: string[]): void => {
    for (const name of wanted) t.ok(names.includes(name), name)
  }
  had(packages, 'postgresql-server', 'rabbitmq-server', 'collectd', 'python3.11', 'consul', 'influxdb', 'epel-release')
  had(units, 'sshd', 'chronyd', 'postgresql', 'rabbitmq-server', 'collectd', 'influxdb', 'consul')
  had(files, '/var/lib/pgsql/data/pg_hba.conf', '/var/lib/pgsql/data/server.key', '/etc/collectd.conf')
  had(files, '/etc/sysconfig/nftables.conf')
  had(namesOf('pkgrepo.managed'), 'hashicorp', 'influxdata', 'rabbitmq')

  const debians =
    /apt|\/etc\/postgresql|collectd\/collectd\.conf|^"(?:ssh|collectd-core|python3-venv)"$|@15-main|postgresql-15/u
  t.strictSame(
    [...packages, ...units, ...files].filter((name) => debians.test(JSON.stringify(name))),
    [],
  )
})

// The whole road on real machines: hosts that boot, a master from the release, minions by its install script, a deployment,
// an analysis; then the deployment again, and damage that is mended.
import t from 'tap'
import type { DebianHost } from '../hosts/host.ts'
import { findLab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { randomOf } from '../random.ts'
import { airflowOnHosts } from './airflow-on-hosts.ts'
import { airflowStatesOnHosts } from './airflow-states-on-hosts.ts'
import { analysesOnHosts } from './analyses-on-hosts.ts'
import { noCanaryIsSeen, plantCanaries } from './canaries.ts'
import { commandsOnHosts } from './commands-on-hosts.ts'
import { consulOnHosts } from './consul-on-hosts.ts'
import { drawDamage } from './damage.ts'
import { deploy } from './deploy.ts'
import { linesOf } from './faults.ts'
import { firewallOnHosts } from './firewall-on-hosts.ts'
import { grafanaOnHosts } from './grafana-on-hosts.ts'
import { guideOnHosts } from './guide-on-hosts.ts'
import { HOSTS, LAB, MASTER } from './hosts.ts'
import { damageAndMend } from './mending.ts'
import { chunksOf, failedIn, reportOf } from './reports.ts'
import { rebootOnHosts } from './reboot-on-hosts.ts'
import { restartsOnHosts } from './restarts-on-hosts.ts'
import { sourcesOnHosts } from './sources-on-hosts.ts'
import { nothingIsTouched } from './untouched.ts'
import { bringUp, makeRelease } from './up.ts'

const SEED = Number(process.env['BUTLER_SEED'] ?? Date.now() % 1_000_000)

/** On the database's host each of these; then anything, anywhere. */
const ON_THE_DATABASE = [
  'postgresql service.running',
  '/etc/postgresql/15/main/pg_hba.conf file.managed',
  'postgresql-in-consul consul.service_registered',
  'grafana postgres_database.present',
  'butler postgres_user.present',
]
const ANYWHERE = 6

t.setTimeout(3_600_000)

t.test('a cluster of real hosts', async (t) => {
  const note = (text: string): void => t.comment(text)
  // With BUTLER_CLUSTER=up the hosts of `npm run cluster -- up` are used, and stay.
  const lab = process.env['BUTLER_CLUSTER'] === 'up' ? await findLab(LAB) : await bringUp(await makeRelease(note), note)
  if (process.env['BUTLER_CLUSTER'] !== 'up') t.teardown(() => lab.close())
  const master = lab.host(MASTER)
  const hosts = HOSTS.map((name) => lab.host(name))

  const planted = await plantCanaries(master)

  await t.test('deploy brings up Consul, the database and the tracker', async (t) => {
    t.equal(await deploy(master, note), 0)

    for (const host of hosts) {
      const members = await host.must(['consul', 'members'])
      for (const name of HOSTS) t.match(members, new RegExp(`^${name}\\s.*\\balive\\b`, 'mu'))
      t.match(
        await until('the database to be known', () => answer(host, 'getent hosts postgresql.service.consul')),
        lab.host('db-server').address,
      )
    }
    const list = await reportOf(master, 'run', 'db-server', 'postgres.db_list')
    t.strictSame(failedIn(list), [])
    for (const name of ['airflow', 'celery', 'run_tracking', 'grafana']) {
      t.match(JSON.stringify(list.targets['db-server']?.return), `"${name}"`)
    }
  })

  await t.test('Airflow over several hosts', (t) => airflowOnHosts(t, lab))

  await t.test('analyses run on the workers', (t) => analysesOnHosts(t, lab))

  await t.test('validate finds nothing wrong', async (t) => {
    const { exitCode, stdout, stderr } = await master.run(['butler-master', 'validate'])
    t.equal(exitCode, 0, `${stdout}${stderr}`)
    t.match(stdout, /^ok +workers take tasks from the job queue/mu)
    t.match(stdout, /^\d+ ok, 0 failed, 2 not deployed$/mu)
  })

  await t.test("Airflow's connections, variables and pools", (t) => airflowStatesOnHosts(t, lab))

  await t.test('Consul, and who may do what in it', (t) => consulOnHosts(t, lab))

  await t.test('the firewall', (t) => firewallOnHosts(t, lab))

  await t.test("an operator's commands", (t) => commandsOnHosts(t, lab))

  await t.test("the operator's guide does what it says", (t) => guideOnHosts(t, lab))

  await t.test('deployed again, and planned, nothing is touched', (t) => nothingIsTouched(t, lab, note))

  await t.test(`damage is named by plan and mended by highstate (BUTLER_SEED=${SEED})`, async (t) => {
    const random = randomOf(SEED)
    const anywhere = Array.from({ length: ANYWHERE }, () => ({ host: hosts[random(hosts.length)], only: undefined }))
    const database = ON_THE_DATABASE.map((only) => ({ host: lab.host('db-server'), only }))
    for (const { host, only } of [...database, ...anywhere]) {
      if (host === undefined) throw new Error('There are no hosts.')
      const damage = drawDamage(await chunksOf(master, host.name), random, only)
      await t.test(`${host.name}: ${damage.line}`, async (t) => {
        const { planned, changed, failed, left } = await damageAndMend(master, host, damage)
        t.strictSame(failed, [])
        t.strictSame(planned, damage.mends)
        t.strictSame(changed, damage.mends)
        t.strictSame(left, [])
      })
    }
  })

  await t.test('a commit is in use within the poll; butler-call says why', (t) => sourcesOnHosts(t, lab))

  await t.test('accidents while a state runs', (t) => restartsOnHosts(t, lab))

  // What everything else stands on; mended by the next test, which switches all of it off and on.
  await t.test('validate names what was stopped', async (t) => {
    await lab.host('db-server').must(['systemctl', 'stop', 'postgresql@15-main', 'consul'])
    await lab.host('job-queue').must(['systemctl', 'stop', 'rabbitmq-server'])
    const { failed } = await until('Consul to miss its server', async () => {
      const lines = await linesOf(master)
      return lines.failed.includes("all of consul's members are alive") && lines
    })
    for (const line of ['postgresql stays up', 'the databases are there', 'rabbitmq stays up', 'consul has a leader']) {
      t.ok(failed.includes(line), line)
    }
  })

  await t.test('switched off and on again', (t) => rebootOnHosts(t, lab, note))

  await t.test('grafana, by a stand-in for its package', (t) => grafanaOnHosts(t, lab))

  await t.test('no secret was seen in all of it', (t) => noCanaryIsSeen(t, lab, planted))
})

async function answer(host: DebianHost, line: string): Promise<string | false> {
  const { exitCode, stdout } = await host.run(['sh', '-c', line])
  return exitCode === 0 && stdout
}

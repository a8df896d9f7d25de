import type { Test } from 'tap'
import type { Lab } from '../hosts/lab.ts'
import { MASTER } from './hosts.ts'
import { changedIn, failedIn, reportOf, resultsOf } from './reports.ts'

const DATABASES = ['airflow', 'celery', 'run_tracking', 'grafana']

/** What an operator types to look at a cluster and to mend one machine. */
export async function commandsOnHosts(t: Test, lab: Lab): Promise<void> {
  const master = lab.host(MASTER)
  const answers = async (...words: string[]): Promise<Record<string, unknown>> => {
    const report = await reportOf(master, 'run', ...words)
    t.strictSame(failedIn(report), [], words.join(' '))
    return Object.fromEntries(Object.entries(report.targets).map(([id, target]) => [id, target.return]))
  }

  await t.test('a command on all machines of a role', async (t) => {
    const said = await answers('-G', 'roles:consul-server', 'cmd.run', 'hostname')
    t.strictSame(said, { master: 'master', 'db-server': 'db-server', tracker: 'tracker' })
  })

  await t.test('consul: members at any shell, and all joined', async (t) => {
    const report = await reportOf(master, 'apply', 'master', 'consul.join-all')
    t.strictSame(failedIn(report), [])
    t.strictSame(changedIn(resultsOf(report, 'master')), [], 'they had found each other by themselves')
    t.match(await lab.host('worker-1').must(['consul', 'members']), /^job-queue\s.*\balive\b/mu)
  })

  await t.test('the databases, over the network and by name', async (t) => {
    const where = ['host=postgresql.service.consul', 'user=butler', 'password=secret:postgres/butler']
    const listed = await answers('db-server', 'postgres.db_list', ...where)
    for (const name of DATABASES) t.match(JSON.stringify(listed['db-server']), `"${name}"`)
    const query = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public'"
    const tables = await answers('db-server', 'postgres.psql_query', query, ...where, 'maintenance_db=run_tracking')
    t.match(JSON.stringify(tables['db-server']), '"analysis_run"')
  })

  await t.test('the job queue', async (t) => {
    t.match(JSON.stringify(await answers('job-queue', 'rabbitmq.list_users')), '"butler"')
    t.match(JSON.stringify(await answers('job-queue', 'rabbitmq.list_vhosts')), '"butler_vhost"')
  })

  await t.test('one machine: its highstate, from the master and at its own shell', async (t) => {
    t.strictSame(failedIn(await reportOf(master, 'highstate', 'db-server')), [])
    const { exitCode, stdout, stderr } = await lab.host('db-server').run(['butler-call', 'highstate', '-l', 'debug'])
    t.equal(exitCode, 0, stdout)
    t.match(stderr, /\[debug\] postgresql: begins service\.running/u)
    t.match(stdout, /changed 0, .* failed 0/u)
  })

  await t.test('airflow dags list', async (t) => {
    t.match(await lab.host('tracker').must(['airflow', 'dags', 'list']), 'hosts')
  })
}

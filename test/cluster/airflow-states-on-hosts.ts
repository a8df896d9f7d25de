import type { Test } from 'tap'
import type { Lab } from '../hosts/lab.ts'
import { applyLocally, changedBy, failedIn } from '../hosts/local-call.ts'

const PASSWORD = 'seen-by-nobody'

const STATES = `
samples:
  airflow_connection.present:
    - conn_type: postgres
    - host: postgresql.service.consul
    - port: 5432
    - login: reader
    - password: ${PASSWORD}
    - extra: { sslmode: verify-full }
reference:
  airflow_variable.present:
    - value: { genome: /data/genome.fa }
io:
  airflow_pool.present:
    - slots: 8
    - description: the shared disk
old:
  airflow_connection.absent: []
  airflow_variable.absent: []
  airflow_pool.absent: []
`

const AIRFLOW = '/usr/local/bin/airflow'

/** Done behind the back of the states -> what is to be mended. */
const DAMAGE = `${AIRFLOW} pools set old 1 '' && ${AIRFLOW} connections delete samples`
const MENDS = ['samples airflow_connection.present', 'old airflow_pool.absent']

/** Airflow's connections, variables and pools, beside what Airflow itself says of them. */
export async function airflowStatesOnHosts(t: Test, lab: Lab): Promise<void> {
  const host = lab.host('tracker')
  const plan = async () => applyLocally(host, STATES, { test: true })
  const apply = async () => applyLocally(host, STATES, { test: false })
  const wanted = ['samples airflow_connection.present', 'reference airflow_variable.present', 'io airflow_pool.present']

  t.strictSame(changedBy(await plan()), wanted)
  const first = await apply()
  t.strictSame(failedIn(first), [])
  t.strictSame(changedBy(first), wanted)
  t.strictSame(changedBy(await apply()), [])

  const told = await host.must([AIRFLOW, 'connections', 'get', 'samples', '--output', 'json'])
  t.match(JSON.parse(told.slice(told.indexOf('['))), [{ conn_type: 'postgres', login: 'reader', password: PASSWORD }])

  await host.sh(DAMAGE)
  t.strictSame(changedBy(await plan()), MENDS)
  t.strictSame(changedBy(await apply()), MENDS)
}

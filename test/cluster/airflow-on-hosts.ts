import type { Test } from 'tap'
import { z } from 'zod'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { ask } from './airflow-api.ts'

const DAG = `
from socket import gethostname
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

with DAG(dag_id="hosts", schedule=None, catchup=False):
    for number in range(6):
        PythonOperator(task_id=f"task-{number}", python_callable=lambda: print("Run on", gethostname()))
`

const WORKERS = ['worker-1', 'worker-2']

const run = z.object({ state: z.string().nullable() })
const tasks = z.object({ task_instances: z.array(z.object({ task_id: z.string(), state: z.string().nullable() })) })
const log = z.object({ content: z.array(z.object({ event: z.string() })) })

/** Airflow over several hosts: tasks go through RabbitMQ to workers, and their logs are read from there. */
export async function airflowOnHosts(t: Test, lab: Lab): Promise<void> {
  const tracker = lab.host('tracker')

  await t.test('the queue and the database take no connection in the clear', async (t) => {
    const connections = await lab.host('job-queue').must(['rabbitmqctl', '-q', 'list_connections', 'user', 'ssl'])
    const rows = connections.trim().split('\n').slice(1)
    t.not(rows.length, 0)
    for (const row of rows) t.match(row, /^butler\ttrue$/u)
    const clear = await lab
      .host('db-server')
      .run(['psql', 'postgresql://airflow@postgresql.service.consul/airflow?sslmode=disable'])
    t.match(clear.stderr, /no pg_hba\.conf entry .* no encryption/u)
    const sql =
      'select count(*) from pg_stat_ssl join pg_stat_activity using (pid) where not ssl and client_addr is not null'
    t.equal((await lab.host('db-server').sh(`cd / && runuser -u postgres -- psql -At -c "${sql}"`)).trim(), '0')
  })

  await t.test('a DAG runs on the workers, and the log of each task can be read on the tracker', async (t) => {
    for (const host of ['tracker', ...WORKERS]) await lab.host(host).put('/opt/airflow/dags/hosts.py', DAG)
    await until('Airflow to know the DAG', async () => (await ask(tracker, 'dags/hosts')).includes('"hosts"'))
    await ask(tracker, 'dags/hosts/dagRuns', { logical_date: null, dag_run_id: 'first', conf: {} })
    const state = await until('the run to end', async () => {
      const { state } = run.parse(JSON.parse(await ask(tracker, 'dags/hosts/dagRuns/first')))
      return (state === 'success' || state === 'failed') && state
    })
    t.equal(state, 'success')
    const { task_instances: all } = tasks.parse(
      JSON.parse(await ask(tracker, 'dags/hosts/dagRuns/first/taskInstances')),
    )
    t.equal(all.length, 6)
    for (const { task_id: id, state } of all) {
      t.equal(state, 'success', id)
      const path = `dags/hosts/dagRuns/first/taskInstances/${id}/logs/1?full_content=true`
      const said = log.parse(JSON.parse(await ask(tracker, path))).content.map(({ event }) => event)
      t.ok(
        said.some((line) => WORKERS.some((worker) => line === `Run on ${worker}`)),
        `${id}: ${said.join(' / ')}`,
      )
    }
  })
}

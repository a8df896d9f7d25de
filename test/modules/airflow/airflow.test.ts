import t from 'tap'
import { connectionAbsent } from '../../../modules/airflow/connection_absent.ts'
import { connectionPresent } from '../../../modules/airflow/connection_present.ts'
import { poolPresent } from '../../../modules/airflow/pool_present.ts'
import { variablePresent } from '../../../modules/airflow/variable_present.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const HAS = {
  connections: { samples: { conn_type: 'postgres', host: 'db', port: 5432, password: 'old', extra: null } },
  variables: { reference: { val: '{"build":38}', description: null } },
  pools: { io: { slots: 8, description: '', include_deferred: false } },
  dags: {},
}

/** As its Python answers, after what Airflow says by the way. */
const machine = recordedView({ 'sh -c *': `[warning] something\n--- butler ${JSON.stringify(HAS)}\n` })

t.test('a connection: only what is given counts, and no password is shown', async (t) => {
  const want = { name: 'samples', conn_type: 'postgres', host: 'db', port: 5432 }
  t.strictSame(shownOf(await plannedOn(machine, connectionPresent, want)), {})
  const other = { ...want, port: 5433, password: 'new', extra: { sslmode: 'require' } }
  t.strictSame(shownOf(await plannedOn(machine, connectionPresent, other)), {
    port: { old: 5432, new: 5433 },
    password: 'changed',
    extra: 'changed',
  })
  t.strictSame(shownOf(await plannedOn(machine, connectionPresent, { ...want, name: 'new' })), {
    connection: { old: '', new: 'new' },
  })
  t.strictSame(shownOf(await plannedOn(machine, connectionAbsent, { name: 'samples' })), {
    connection: { old: 'samples', new: '' },
  })
  t.strictSame(shownOf(await plannedOn(machine, connectionAbsent, { name: 'new' })), {})
})

t.test('a variable of data is JSON; a pool', async (t) => {
  t.strictSame(shownOf(await plannedOn(machine, variablePresent, { name: 'reference', value: { build: 38 } })), {})
  t.strictSame(shownOf(await plannedOn(machine, variablePresent, { name: 'reference', value: 'x' })), {
    val: 'changed',
  })
  t.strictSame(shownOf(await plannedOn(machine, poolPresent, { name: 'io', slots: 8 })), {})
  t.strictSame(shownOf(await plannedOn(machine, poolPresent, { name: 'io', slots: 4 })), { slots: { old: 8, new: 4 } })
})

t.test('a machine without it, or whose database is away', async (t) => {
  const failing = recordedView({ 'sh -c *': { exitCode: 1, stderr: 'Traceback\nOperationalError: no connection\n' } })
  await t.rejects(plannedOn(failing, poolPresent, { name: 'io', slots: 4 }), {
    code: 'no-airflow',
    message: /OperationalError: no connection/u,
  })
})

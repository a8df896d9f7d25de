import t from 'tap'
import type { View } from '../../../core/module/view.ts'
import { databasePresent } from '../../../modules/influxdb/database_present.ts'
import { retentionPolicyPresent } from '../../../modules/influxdb/retention_policy_present.ts'
import { userPresent } from '../../../modules/influxdb/user_present.ts'
import { plannedOn, recordedView } from '../recorded.ts'

const CURL = 'curl --config -'

interface Said {
  statement: string
  user: string
}

/** A server that answers each statement so; `asked` has what it was asked, and by whom. */
function server(answers: Readonly<Record<string, object>>): { view: View; asked: Said[] } {
  const asked: Said[] = []
  const view: View = {
    ...recordedView({}),
    fact: (fact) => fact.read(view),
    query: (argv, options) => {
      const input = options?.input ?? ''
      const [, statement = ''] = /^data-urlencode = "q=(.*)"$/mu.exec(input) ?? []
      const [, user = ''] = /^user = "(.*)"$/mu.exec(input) ?? []
      asked.push({ statement, user })
      const body = argv.join(' ') === CURL ? (answers[statement] ?? { error: `unexpected ${statement}` }) : {}
      return Promise.resolve({ exitCode: 0, stdout: JSON.stringify(body), stderr: '' })
    },
  }
  return { view, asked }
}

function table(columns: string[], ...values: unknown[][]): object {
  return { results: [{ statement_id: 0, series: [{ columns, values }] }] }
}

const ROOT = { admin: 'root', admin_password: String.raw`a"b\c'd` }

t.test('a database that is missing is made; one that is there is left alone', async (t) => {
  const { view, asked } = server({ 'SHOW DATABASES': table(['name'], ['metrics']) })
  const there = await plannedOn(view, databasePresent, { name: 'metrics', ...ROOT })
  t.strictSame(there.changes, [])
  t.match(asked, [{ user: String.raw`root:a\"b\\c'd` }], 'as curl reads it')
  const made = await plannedOn(view, databasePresent, { name: 'other', ...ROOT })
  t.match(made.changes, [{ key: 'database', shows: { old: '', new: 'other' } }])
})

t.test('the first user of a server that asks for passwords: it tells nothing until there is one', async (t) => {
  const { view } = server({
    'SHOW USERS': { error: 'error authorizing query: create admin user first or disable authentication' },
  })
  const first = await plannedOn(view, userPresent, { name: 'root', password: 'x', is_admin: true, ...ROOT })
  t.match(first.changes, [{ key: 'user' }])
  await t.rejects(plannedOn(view, userPresent, { name: 'reader', password: 'x', ...ROOT }), /create admin user first/u)
})

t.test('an administrator who is not let in any more is told how to get in', async (t) => {
  const { view } = server({ 'SHOW USERS': { error: 'authorization failed' } })
  const asked = plannedOn(view, userPresent, { name: 'root', password: 'x', is_admin: true, ...ROOT })
  await t.rejects(asked, { message: /does not let 'root' in/u, hint: /auth-enabled = false/u })
})

t.test('rights: what is wanted is granted, what is not is taken away', async (t) => {
  const { view } = server({
    'SHOW USERS': table(['user', 'admin'], ['reader', false]),
    'SHOW GRANTS FOR \\"reader\\"': table(
      ['database', 'privilege'],
      ['a', 'ALL PRIVILEGES'],
      ['b', 'READ'],
      ['c', 'NO PRIVILEGES'],
    ),
  })
  const plan = await plannedOn(view, userPresent, {
    name: 'reader',
    password: 'x',
    grants: { a: 'all', d: 'WRITE' },
    ...ROOT,
  })
  t.match(plan.changes, [
    { key: 'grants in d', shows: { old: '', new: 'WRITE' } },
    { key: 'grants in b', shows: { old: 'READ', new: '' } },
  ])
  t.equal(plan.changes.length, 2)
})

t.test('a retention policy: durations are compared as times', async (t) => {
  const columns = ['name', 'duration', 'shardGroupDuration', 'replicaN', 'default']
  const { view } = server({
    'SHOW RETENTION POLICIES ON \\"metrics\\"': table(columns, ['a-month', '720h0m0s', '24h0m0s', 1, true]),
  })
  const want = { name: 'a-month', database: 'metrics', default: true }
  t.strictSame((await plannedOn(view, retentionPolicyPresent, { ...want, duration: '30d' })).changes, [])
  const longer = await plannedOn(view, retentionPolicyPresent, { ...want, duration: 'INF' })
  t.match(longer.changes, [{ shows: { old: '720 h, 1 times, the default', new: 'for ever, 1 times, the default' } }])
})

t.test('a server that is away, and what is no answer of InfluxDB', async (t) => {
  const away = recordedView({ [CURL]: { exitCode: 7, stderr: "curl: (7) Couldn't connect" } })
  await t.rejects(plannedOn(away, databasePresent, { name: 'x' }), {
    code: 'no-influxdb',
    message: /Couldn't connect/u,
  })
  const other = recordedView({ [CURL]: '<html>' })
  await t.rejects(plannedOn(other, databasePresent, { name: 'x' }), {
    code: 'influxdb-refused',
    message: /no JSON: <html>/u,
  })
})

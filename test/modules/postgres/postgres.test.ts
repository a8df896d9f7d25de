import t, { type Test } from 'tap'
import { createMachine } from '../../../minion/host/machine.ts'
import { catalog } from '../../../modules/catalog.ts'
import { type PostgresServer, startPostgres } from '../../tracker/postgres-server.ts'
import { apply, folder, type Given, holds, plan, unchanged } from '../applied.ts'

const server = await startPostgres()
if (server === undefined) t.plan(0, 'PostgreSQL is not installed')
else {
  t.teardown(() => server.stop())
  t.test('users', (t) => users(t, server))
  t.test('databases', (t) => databases(t, server))
  t.test('extensions', (t) => extensions(t, server))
  t.test('functions', (t) => functions(t, server))
  t.test('a server that can not be asked', (t) => unreachable(t, server))
}

async function users(t: Test, server: PostgresServer): Promise<void> {
  const [root, how] = [folder(t), connecting(server)]
  const states = (password: string, more = ''): string => `
readers:
  postgres_user.present:
    - login: false
${how}
worker "1":
  postgres_user.present:
    - createdb: true
    - password: ${password}
    - groups: readers
    - valid_until: 2040-01-01
${more}${how}
`
  const given: Given = { secrets: { one: "pass'word\\one", two: 'other' } }
  const made = await holds(t, root, states("{{secret 'one'}}"), given)
  t.match(made[1], { changes: { 'worker "1"': 'Present' }, comment: 'The user worker "1" has been created' })
  t.ok(await logsIn(server, 'worker "1"', "pass'word\\one"))

  const changed = await holds(t, root, states("{{secret 'two'}}", '    - createroles: true\n'), given)
  t.match(changed[1]?.changes, { password: 'changed', createrole: { old: false, new: true } })
  t.ok(await logsIn(server, 'worker "1"', 'other'))
  t.notOk(await logsIn(server, 'worker "1"', "pass'word\\one"))
  t.notMatch(JSON.stringify([...made, ...changed]), /pass'word|other/)

  await holds(t, root, `worker "1":\n  postgres_user.absent:\n${how}`)
  t.match(await plan(`x:\n  postgres_database.present:\n    - owner: ghost\n${how}`), [
    { result: false, comment: /There is no database user 'ghost'/ },
  ])
}

async function databases(t: Test, server: PostgresServer): Promise<void> {
  const [root, how] = [folder(t), connecting(server)]
  const states = (owner: string): string => `
keeper:
  postgres_user.present:
${how}
other:
  postgres_user.present:
${how}
run_tracking:
  postgres_database.present:
    - owner: ${owner}
    - encoding: utf-8
    - lc_collate: C
    - template: template0
${how}
`
  const planned = await plan(states('keeper'))
  t.match(planned[2], { result: null, after: ['keeper'] })
  await holds(t, root, states('keeper'))
  const changed = await holds(t, root, states('other'))
  t.match(changed[2]?.changes, { owner: { old: 'keeper', new: 'other' } })
  t.match(await plan(states('other').replace('lc_collate: C', 'lc_collate: en_GB')), [
    {},
    {},
    { result: false, comment: /has lc_collate C, not en_GB, and that can't be changed/ },
  ])
  await holds(t, root, `run_tracking:\n  postgres_database.absent:\n    - force: true\n${how}`)
}

async function extensions(t: Test, server: PostgresServer): Promise<void> {
  const states = `plpgsql:\n  postgres_extension.present:\n${connecting(server)}`
  await unchanged(t, folder(t), states)
  await call(server, 'postgres.psql_query', { query: 'DROP EXTENSION plpgsql', write: true })
  await holds(t, folder(t), states)
}

async function functions(t: Test, server: PostgresServer): Promise<void> {
  t.match(await call(server, 'postgres.db_list'), { postgres: { Owner: 'butler', Encoding: 'UTF8' } })
  t.match(await call(server, 'postgres.user_list'), { butler: { superuser: true, groups: [] } })
  t.strictSame(
    await call(server, 'postgres.psql_query', { query: `SELECT 1 AS one, 'a,"b"\n' AS two, NULL AS three` }),
    [{ one: '1', two: 'a,"b"\n', three: '' }],
  )
  const writing = { query: 'CREATE TABLE t (i int)' }
  await t.rejects(call(server, 'postgres.psql_query', writing), { message: /read-only transaction/ })
  t.strictSame(await call(server, 'postgres.psql_query', { ...writing, write: true }), [])
  await t.rejects(call(server, 'postgres.psql_query', { query: 'SELEKT' }), { code: 'sql-failed' })
}

async function unreachable(t: Test, server: PostgresServer): Promise<void> {
  const wrong = connecting({ ...server, password: 'wrong' })
  for (const results of [
    await plan(`x:\n  postgres_user.present:\n${wrong}`),
    await apply(`x:\n  postgres_user.present:\n${wrong}`),
  ]) {
    t.match(results, [{ result: false, comment: /PostgreSQL could not be asked: .*password authentication failed/ }])
  }
}

async function call(server: PostgresServer, name: string, more = {}): Promise<unknown> {
  const found = catalog.functions.get(name)
  if (found === undefined || found.changes === 'asks') throw new Error(`${name} is no function that runs here.`)
  const { host, port, user } = server.config
  const connection = { host, port, user, password: server.password, maintenance_db: 'postgres', write: false }
  return found.run(createMachine({ grains: {}, pillar: {} }).host({}), { ...connection, ...more })
}

t.test('a server that an earlier state may start is waited for in a plan', async (t) => {
  const states = `
start-it:
  cmd.run:
    - name: 'true'
reader:
  postgres_user.present:
    - db_host: 127.0.0.1
    - db_port: 1
    - db_user: postgres
`
  t.match(await plan(states), [{ result: null }, { result: null, after: ['start-it'] }])
  t.match(await apply(states), [{ result: true }, { result: false, comment: /could not be asked/ }])
})

function connecting({ config, password }: PostgresServer): string {
  const lines = [
    `db_host: ${config.host}`,
    `db_port: ${config.port}`,
    `db_user: ${config.user}`,
    `db_password: ${password}`,
  ]
  return lines.map((line) => `    - ${line}\n`).join('')
}

async function logsIn({ config }: PostgresServer, user: string, password: string): Promise<boolean> {
  const machine = createMachine({ grains: {}, pillar: {} }).host({})
  const words = [
    '-X',
    '-w',
    '-h',
    config.host,
    '-p',
    String(config.port),
    '-U',
    user,
    '-d',
    'postgres',
    '-c',
    'SELECT 1',
  ]
  return (await machine.query(['psql', ...words], { env: { PGPASSWORD: password } })).exitCode === 0
}

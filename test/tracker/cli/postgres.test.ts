import t, { type Test } from 'tap'
import { newDatabase, serverOf } from '../databases.ts'
import type { PostgresServer } from '../postgres-server.ts'
import { Butler } from './butler.ts'

// Real programs and a real server, on a machine that may be busy.
t.setTimeout(300_000)

const FILES = {
  'flow/workflow.yaml': "name: flow\nversion: '1'\ntasks: {say: {command: [sh, -c, '{{config.script}}']}}\n",
  'flow/c.json': { script: 'echo by workflow' },
  'a.json': {},
  'runs/r.json': { script: 'echo by run' },
}

const CREATE = ['create-workflow', '-n', 'flow', '-v', '1', '-c', 'flow/c.json']
const LAUNCH = ['launch-workflow', '-w', '1', '-a', '1', '-c', 'runs']

async function onServer(t: Test, test: (server: PostgresServer, url: string) => Promise<void>): Promise<void> {
  const server = await serverOf(t)
  if (server === undefined) {
    t.comment(`NOT DONE: '${t.name}', since PostgreSQL is not installed here`)
    return
  }
  const { host, port, user, database } = await newDatabase(server)
  await test(server, `postgresql://${user}@${host}:${port}/${database}`)
}

t.test('the three commands on PostgreSQL', async (t) => {
  await onServer(t, async (server, url) => {
    const files = { ...FILES, 'etc/butler/secret': `${server.password}\n` }
    const butler = new Butler(t, files, { database: url, password_file: 'secret' })
    // Several at once on an empty database.
    const created = await Promise.all([butler.run(...CREATE), butler.run(...CREATE), butler.run(...CREATE)])
    for (const each of created) t.match(each, { code: 0, stdout: 'Created workflow with ID: 1\n' }, each.stderr)
    t.match(await butler.run('create-analysis', '-n', 'a', '-d', '01-01-2017', '-c', 'a.json'), { code: 0 })
    t.match(await butler.run(...LAUNCH), { code: 0, stdout: /\nby run\n/ })
    t.match((await butler.run('list-analyses')).stdout, /\n1 +a +2017-01-01 +\d{4}-\d\d-\d\dT.*Z /)
    t.match(await butler.json('show-run', '-r', '1'), { run: { effective_config: { script: 'echo by run' } } })
  })
})

t.test('what keeps it from the database, by name', async (t) => {
  await onServer(t, async (server, url) => {
    const run = async (database: string, password: string | undefined): Promise<string> => {
      const secret = password === undefined ? {} : { password_file: 'secret' }
      const butler = new Butler(t, { 'etc/butler/secret': password ?? '' }, { database, ...secret })
      const ended = await butler.run('list-workflows')
      t.equal(ended.code, 2)
      return ended.stderr
    }
    t.match(await run(url, 'wrong-one'), /user 'butler': the server refuses this user or password\.\n.*password_file/)
    t.notMatch(await run(url, 'wrong-one'), 'wrong-one')
    t.match(await run(url, undefined), /the server asks for a password\.\n.*password_file/)
    t.match(await run(`${url}_not`, server.password), /there is no such database\.\n.*CREATE DATABASE/)
  })
})

t.test('a run outlives an outage of the database', async (t) => {
  await onServer(t, async (server, url) => {
    const script = 'echo begun; until test -e go; do sleep 0.05; done; echo gone on'
    const files = { ...FILES, 'runs/r.json': { script }, 'etc/butler/secret': server.password }
    const butler = new Butler(t, files, { database: url, password_file: 'secret', lease: '60s' })
    await butler.run(...CREATE)
    await butler.run('create-analysis', '-n', 'a', '-c', 'a.json')
    const launch = butler.start(...LAUNCH)
    await launch.says('begun')
    await server.outage(async () => {
      butler.write({ 'var/lib/butler/runs/run-1/attempt-1/work/go': '' })
      // The task has ended, and the engine can't write that down.
      await launch.says('say: completed')
    })
    t.match(await launch.ended, { code: 0, stdout: /1 of 1 analysis run completed/ })
  })
})

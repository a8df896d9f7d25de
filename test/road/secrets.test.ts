import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Town } from './town.ts'

// What a minion can and can't have: roles are attested by the master, and secrets follow the roles.

const FILES = {
  'roles/mapping.yaml': "db-server: [db-server]\n'worker-*': [worker]\n",
  'roles/db-server.yaml': 'states: [postgres]\npillar:\n  database: { port: 5432, plan: of the database }\n',
  'roles/worker.yaml': 'states: [worker]\npillar:\n  worker: { slots: 4 }\n',
  'states/postgres/init.yaml': `
{{grains.home}}/password:
  file.managed:
    - contents: "{{secret 'postgres/admin'}}"
    - mode: '0600'
{{grains.home}}/settings:
  file.managed:
    - source: butler://postgres/files/settings
`,
  'states/postgres/files/settings': 'only for the database server\n',
  'states/worker.yaml': `
{{grains.home}}/slots:
  file.managed:
    - contents: '{{pillar.worker.slots}}'
`,
}

t.test('a role is what the master says, not what a minion claims', async (t) => {
  const town = new Town(t, FILES)
  await town.startMaster()
  await town.join('db-server')
  // This one claims the other role, in the grains that it may set itself.
  await town.join('worker-1', { grains: { roles: ['db-server'] } })

  const deployed = await town.master('highstate', '*')
  t.equal(deployed.code, 0, deployed.stderr)
  const password = readFileSync(join(town.home('db-server'), 'password'), 'utf8')
  t.match(password, /^[A-Za-z0-9]{32}$/mu, 'made at random')
  t.equal(readFileSync(join(town.home('worker-1'), 'slots'), 'utf8').trim(), '4')

  const roles = await town.call('worker-1', 'grains.get', 'roles', '--json')
  t.notMatch(roles.stdout, 'postgres')

  const pillar = await town.call('worker-1', 'pillar.items', '--json')
  t.equal(pillar.code, 0, pillar.stderr)
  t.notMatch(pillar.stdout, 'of the database')
  t.match(pillar.stdout, 'slots')

  const stolen = await town.call('worker-1', 'apply', 'postgres')
  t.not(stolen.code, 0)
  t.notMatch(stolen.stdout + stolen.stderr, password.trim())
  t.throws(() => readFileSync(join(town.home('worker-1'), 'password')), { code: 'ENOENT' })

  const theft = await town.enroll('db-server', await town.token('db-*'), { as: 'thief' })
  t.equal(theft.code, 2, 'a known id with another key is denied, whatever token it brings')
  t.match(theft.stderr, /does not take 'db-server'/u)
  const again = await town.master('run', 'db-server', 'test.ping')
  t.equal(again.code, 0, 'and the real one goes on')

  const everything =
    JSON.stringify([deployed, stolen, await town.master('jobs', 'list', '--json')]) + town.log('master')
  t.notMatch(everything, password.trim(), 'the value is in no output and no log')
})

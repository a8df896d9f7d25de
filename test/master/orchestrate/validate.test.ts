import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Town } from '../../road/town.ts'

const FILES = {
  'roles/mapping.yaml': "db: [db]\n'w*': [worker]\n",
  'roles/db.yaml': 'states: []\n',
  'roles/worker.yaml': 'states: []\n',
  'orchestrations/validate.yaml': `
everybody answers:
  fleet.check: [{ target: '*' }, { function: test.ping }, { timeout: 2s }]
no fault:
  fleet.check: [{ target: G@roles:worker }, { command: 'test ! -e {{pillar.home}}/fault || { echo it is there; exit 3; }' }, { timeout: 2s }]
the database knows its name:
  fleet.check: [{ target: db }, { function: grains.items }, { has: [host, os] }, { timeout: 2s }, { require: [{ fleet: everybody answers }] }]
grafana:
  fleet.check: [{ target: G@roles:grafana }, { function: test.ping }]
`,
}

t.test('a cluster is checked: one line for each check, and no other line turns red', async (t) => {
  const town = new Town(t, FILES)
  const fault = join(town.folder, 'fault')
  town.source.commit({
    'orchestrations/validate.yaml': FILES['orchestrations/validate.yaml'].replaceAll('{{pillar.home}}', town.folder),
  })
  await town.startMaster()
  for (const id of ['db', 'w1']) await town.join(id)

  await t.test('all is well; what is not deployed is said and is no failure', async (t) => {
    const { code, stdout } = await town.master('validate')
    t.equal(code, 0, stdout)
    t.match(stdout, /^ok {12}everybody answers \(.*\)$/mu)
    t.match(stdout, /^ok {12}no fault/mu)
    t.match(stdout, /^ok {12}the database knows its name/mu)
    t.match(stdout, /^not deployed {2}grafana$/mu)
    t.match(stdout, /^3 ok, 0 failed, 1 not deployed$/mu)
  })

  await t.test('a fault turns its own line red, with what was found and where', async (t) => {
    writeFileSync(fault, '')
    const junit = join(town.folder, 'report.xml')
    const { code, stdout } = await town.master('validate', '--junit', junit)
    t.equal(code, 1)
    t.match(stdout, /^FAILED {8}no fault\n {16}w1 ended with 3: it is there$/mu)
    t.match(stdout, /^2 ok, 1 failed, 1 not deployed$/mu)
    const xml = readFileSync(junit, 'utf8')
    t.match(xml, /name="no fault"[^>]*>\s*<failure message="w1 ended with 3: it is there"/u)
    t.match(xml, /name="grafana"[^>]*>\s*<skipped/u)
  })

  await t.test('a report that can not be written is said', async (t) => {
    const { code, stderr } = await town.master('validate', '--junit', join(town.folder, 'nowhere/report.xml'))
    t.equal(code, 2)
    t.match(stderr, /JUnit report could not be written/u)
  })

  await t.test('a minion that is away fails what asks it, and what requires that is not run', async (t) => {
    await town.kill('db')
    const ran = await town.master('validate', '--json')
    t.equal(ran.code, 1)
    t.match(ran.json(), {
      checks: [
        { name: 'everybody answers', verdict: 'failed', said: /^db unreachable/u },
        { name: 'no fault', verdict: 'failed' },
        { name: 'the database knows its name', verdict: 'not-run' },
        { name: 'grafana', verdict: 'not-deployed', said: 'no minion is G@roles:grafana' },
      ],
    })
  })
})

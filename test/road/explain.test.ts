import t from 'tap'
import { Town } from './town.ts'

t.test('butler-call highstate -l debug says for every chunk what happened and why', async (t) => {
  const town = new Town(t, {
    'roles/mapping.yaml': "'*': [all]\n",
    'roles/all.yaml': 'states: [decisions]\n',
    'states/decisions.yaml': `
bash:
  pkg.installed: []
guarded:
  cmd.run:
    - name: touch {{grains.home}}/never
    - unless: test -d {{grains.home}}
broken:
  test.fail_without_changes: []
blocked:
  cmd.run:
    - name: touch {{grains.home}}/never
    - require: [{ test: broken }]
{{grains.home}}/file:
  file.managed:
    - contents: something
`,
  })
  await town.startMaster()
  await town.join('m1')
  const { code, stdout, stderr } = await town.call('m1', 'highstate', '-l', 'debug')
  const said = stdout + stderr
  t.equal(code, 1, said)
  t.match(said, /bash: ran: .*grain os_family is "/u, 'the grain that chose the package manager')
  t.match(said, /guarded: not run \(unless\): .*test -d /u, 'the guard')
  t.match(said, /blocked: not run \(requisite\): .*broken/u, 'the requisite')
  t.match(said, /file: ran: no requisite and no guard decides about it/u)
})

t.test('explain: on the minion and on the master, with nothing touched', async (t) => {
  const town = new Town(t, {
    'roles/mapping.yaml': "'*': [all]\n",
    'roles/all.yaml': 'states: [pages]\n',
    'states/pages.yaml': `
{{grains.home}}/page:
  file.managed:
    - contents: something
announce:
  cmd.run:
    - name: touch {{grains.home}}/announced
    - onchanges: [{ file: '{{grains.home}}/page' }]
`,
  })
  await town.startMaster()
  await town.join('m1')
  const here = await town.call('m1', 'explain', 'announce')
  t.equal(here.code, 0, here.stderr)
  t.match(here.stdout, /cmd[.]run announce .*\n +from +site\/states\/pages[.]yaml:6/u)
  t.match(here.stdout, /waits for +onchanges file[.]managed .*\/page \(site\/states\/pages[.]yaml:3/u)
  t.match(here.stdout, /now +would change\n +because +onchanges pages[.].*page would change/u)
  const there = await town.master('explain', 'm1', 'announce')
  t.equal(there.stdout, here.stdout, 'the master says the same')
  t.match(await town.master('explain', 'm1', 'anounce'), { code: 2, stderr: "Did you mean 'announce'?" })
})

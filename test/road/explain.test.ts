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

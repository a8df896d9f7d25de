// What only root can do: `npm run test:hosts` runs it.
import { join } from 'node:path'
import t from 'tap'
import { createMachine } from '../../../minion/host/machine.ts'

const machine = createMachine({ grains: {}, pillar: {} })
const host = machine.host({})

t.test('owner is kept and set', async (t) => {
  const path = join(t.testdir(), 'f')
  await host.write(path, 'one', { user: 'daemon', group: 'daemon' })
  await host.write(path, 'two')
  t.match(await host.stat(path), { user: 'daemon', group: 'daemon' })
  await host.chown(path, 'root', undefined)
  t.match(await host.stat(path), { user: 'root', group: 'daemon' })
  await t.rejects(host.chown(path, 'dameon', undefined), { code: 'unknown-user', hint: "Did you mean 'daemon'?" })
})

t.test('another user, with all groups', async (t) => {
  t.match(await host.shell('id -un; id -gn; echo $HOME', { runas: 'daemon' }), {
    stdout: 'daemon\ndaemon\n/usr/sbin\n',
  })
  await t.rejects(host.shell('id', { runas: 'deamon' }), { code: 'unknown-user', hint: "Did you mean 'daemon'?" })
  t.match(await machine.host({ runas: 'daemon' }).query(['id', '-u']), { stdout: '1\n' })
})

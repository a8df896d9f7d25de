import { writeFileSync } from 'node:fs'
import t from 'tap'
import type { DataMap } from '../../core/data.ts'
import { checkArgs } from '../../core/compile/arguments.ts'
import { createMachine } from '../../minion/host/machine.ts'
import { catalog } from '../../modules/catalog.ts'
import { parseDf } from '../../modules/disk/usage.ts'
import { folder } from './applied.ts'

const grains = {
  os: 'Debian',
  nodename: 'db-server',
  ip4_interfaces: { lo: ['127.0.0.1'], eth0: ['10.0.0.11', '10.0.0.9'], eth1: ['192.168.1.5'] },
  ip6_interfaces: { lo: ['::1'], eth0: ['fe80::1'] },
  hwaddr_interfaces: { eth0: '02:00:00:00:00:01' },
}
const pillar = { postgres: { databases: ['airflow', 'celery'] }, 'flat.key': 1 }
const machine = createMachine({ grains, pillar }).host({})

function call(name: string, given: DataMap = {}): Promise<unknown> {
  const found = catalog.functions.get(name)
  if (found === undefined || found.changes === 'asks') throw new Error(`${name} is no function that runs here.`)
  return found.run(machine, checkArgs(found.args, given, { what: name }))
}

t.test('grains and pillar', async (t) => {
  t.strictSame(await call('grains.items'), grains)
  t.equal(await call('grains.get', { key: 'ip4_interfaces:eth0:1' }), '10.0.0.9')
  t.equal(await call('grains.get', { key: 'ghost', default: 'none' }), 'none')
  t.strictSame(await call('grains.item', { keys: ['os', 'ghost'] }), { os: 'Debian' })
  t.equal(await call('pillar.get', { key: 'postgres:databases:0' }), 'airflow')
  t.equal(await call('pillar.get', { key: 'flat.key' }), 1)
  t.strictSame(await call('pillar.ls'), ['flat.key', 'postgres'])
})

t.test('network', async (t) => {
  t.strictSame(await call('network.ip_addrs'), ['10.0.0.9', '10.0.0.11', '192.168.1.5'])
  t.strictSame(await call('network.ip_addrs', { interface: 'eth1' }), ['192.168.1.5'])
  t.strictSame(await call('network.ip_addrs', { cidr: '10.0.0.8/30' }), ['10.0.0.9', '10.0.0.11'])
  await t.rejects(call('network.ip_addrs', { interface: 'eth9' }), {
    code: 'unknown-interface',
    hint: "Did you mean 'eth0'?",
  })
  t.match(await call('network.interfaces'), { eth0: { hwaddr: '02:00:00:00:00:01', inet6: ['fe80::1'] } })
  t.equal(await call('network.get_hostname'), 'db-server')
})

t.test('files', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/f`, 'hello', { mode: 0o640 })
  t.equal(await call('file.read', { path: `${root}/f` }), 'hello')
  t.equal(await call('file.file_exists', { path: `${root}/f` }), true)
  t.equal(await call('file.directory_exists', { path: `${root}/f` }), false)
  t.match(await call('file.stats', { path: `${root}/f` }), { type: 'file', size: 5 })
  await t.rejects(call('file.read', { path: `${root}/ghost` }), { code: 'no-file' })
})

t.test('test', async (t) => {
  t.equal(await call('test.ping'), true)
  t.equal(await call('test.echo', { text: 'hi' }), 'hi')
  t.equal(await call('test.sleep', { length: 0 }), true)
  await t.rejects(call('test.fail'), { code: 'test-failure' })
})

t.test('disks', async (t) => {
  const said =
    'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 40 60 40% /\ntmpfs 5 0 5 0% /run/my disk\n'
  t.match(parseDf(said), { '/': { used: 40, capacity: '40%' }, '/run/my disk': { filesystem: 'tmpfs' } })
  t.type(await call('disk.usage'), 'object')
})

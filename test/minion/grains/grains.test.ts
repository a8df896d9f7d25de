import { mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { layoutOf } from '../../../core/cli/layout.ts'
import { fullName } from '../../../minion/grains/host.ts'
import { collectGrains } from '../../../minion/grains/grains.ts'
import { gateway4, gateway6, resolvers } from '../../../minion/grains/network.ts'
import { fromOsRelease, macos } from '../../../minion/grains/os.ts'
import { zoneOf } from '../../../minion/grains/process.ts'
import { virtualOf } from '../../../minion/grains/virtual.ts'

t.test('this machine', async (t) => {
  const notes: string[] = []
  const grains = await collectGrains(layoutOf({ root: t.testdir() }), (note) => notes.push(note))
  t.same(notes, [])
  t.match(grains, {
    id: hostname().toLowerCase(),
    nodename: hostname(),
    os: String,
    os_family: String,
    osrelease: String,
    osmajorrelease: Number,
    kernel: /Linux|Darwin/u,
    num_cpus: Number,
    mem_total: Number,
    ip4_interfaces: Object,
    username: String,
    virtual: String,
  })
  t.same(JSON.parse(JSON.stringify(grains)), grains, 'they are data')
})

t.test('files win over what is found', async (t) => {
  const root = t.testdir()
  mkdirSync(join(root, 'etc/butler'), { recursive: true })
  writeFileSync(join(root, 'etc/butler/grains.yaml'), 'os: Mine\nrack: 4\nroles: [worker]\n')
  writeFileSync(join(root, 'etc/butler/minion.yaml'), 'id: db-1\ngrains: { rack: 5 }\n')
  const grains = await collectGrains(layoutOf({ root }))
  t.match(grains, { os: 'Mine', rack: 5, id: 'db-1', roles: ['worker'] })
})

t.test('a file that is wrong is a note, and the rest is there', async (t) => {
  const root = t.testdir()
  mkdirSync(join(root, 'etc/butler'), { recursive: true })
  writeFileSync(join(root, 'etc/butler/grains.yaml'), '- a\n- b\n')
  const notes: string[] = []
  const grains = await collectGrains(layoutOf({ root }), (note) => notes.push(note))
  t.match(notes, [/grains\.yaml is no map/u])
  t.type(grains['os'], 'string')
})

t.test('distributions', (t) => {
  const debian =
    'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n'
  t.match(fromOsRelease(debian, 'x64'), {
    os: 'Debian',
    os_family: 'Debian',
    osrelease: '12',
    osmajorrelease: 12,
    oscodename: 'bookworm',
    osfinger: 'Debian-12',
    osarch: 'amd64',
  })
  const ubuntu = 'NAME=\'Ubuntu\'\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n'
  t.match(fromOsRelease(ubuntu, 'arm64'), {
    os: 'Ubuntu',
    os_family: 'Debian',
    osfinger: 'Ubuntu-24.04',
    osarch: 'arm64',
    osrelease_info: [24, 4],
  })
  const rocky =
    'NAME="Rocky Linux"\nVERSION="9.4 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n'
  t.match(fromOsRelease(rocky, 'arm64'), { os: 'Rocky', os_family: 'RedHat', osmajorrelease: 9, osarch: 'aarch64' })
  t.match(fromOsRelease('ID=unheard\nID_LIKE="what ubuntu"\n', 'x64'), { os: 'unheard', os_family: 'Debian' })
  t.match(macos('<key>ProductVersion</key>\n<string>15.1</string>'), { os: 'MacOS', osmajorrelease: 15 })
  t.end()
})

t.test('network', (t) => {
  const table = 'Iface\tDestination\tGateway\neth0\t00000000\t010200C0\t0003\nbr0\t0000D50A\t00000000\t0001\n'
  t.equal(gateway4(table), '192.0.2.1')
  t.equal(gateway4('Iface\tDestination\tGateway\n'), undefined)
  const zero = '0'.repeat(32)
  const six = `${zero} 00 ${zero} 00 fd000000000000000000000000000001 00000400 1 0 3 eth0\n`
  t.equal(gateway6(`${zero} 00 ${zero} 00 ${zero} ffffffff 1 0 200200 lo\n${six}`), 'fd00::1')
  t.same(resolvers('# x\nnameserver 10.0.0.1\nnameserver fd00::1 ; y\nsearch a.org b.org\n'), {
    nameservers: ['10.0.0.1', 'fd00::1'],
    ip4_nameservers: ['10.0.0.1'],
    ip6_nameservers: ['fd00::1'],
    search: ['a.org', 'b.org'],
    domain: '',
  })
  t.equal(fullName('db', '127.0.0.1 localhost\n10.0.0.2 db.example.org db # the database'), 'db.example.org')
  t.equal(fullName('db', '127.0.1.1 db'), undefined)
  t.end()
})

t.test('time zone', async (t) => {
  t.equal(zoneOf('/usr/share/zoneinfo/Europe/Berlin'), 'Europe/Berlin')
  t.equal(zoneOf('/usr/share/zoneinfo/Etc/UTC'), 'Etc/UTC')
  t.equal(zoneOf(''), 'UTC')
})

t.test('what kind of machine', (t) => {
  const bare = {
    container: undefined,
    docker: false,
    cgroups: '',
    vendor: 'Dell Inc.',
    product: 'R640',
    hypervisor: false,
  }
  t.same(virtualOf(bare), { virtual: 'physical' })
  t.same(virtualOf({ ...bare, hypervisor: true }), { virtual: 'kvm' })
  t.same(virtualOf({ ...bare, vendor: 'Microsoft Corporation', product: 'Virtual Machine' }), { virtual: 'HyperV' })
  t.same(virtualOf({ ...bare, container: 'systemd-nspawn' }), {
    virtual: 'container',
    virtual_subtype: 'systemd-nspawn',
  })
  t.same(virtualOf({ ...bare, docker: true }), { virtual: 'container', virtual_subtype: 'Docker' })
  t.end()
})

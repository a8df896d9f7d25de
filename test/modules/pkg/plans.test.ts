import t from 'tap'
import { parseDpkg, parsePolicy, parseUpgrades } from '../../../modules/pkg/apt.ts'
import { parseRepoquery, parseRpm, parseUpdates } from '../../../modules/pkg/dnf.ts'
import { installed } from '../../../modules/pkg/installed.ts'
import { latest } from '../../../modules/pkg/latest.ts'
import { differences } from '../../../modules/pkg/outcome.ts'
import { removed } from '../../../modules/pkg/removed.ts'
import { uptodate } from '../../../modules/pkg/uptodate.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const DPKG = `ii \tbash\tamd64\t5.2.15-2+b8\t
ii \tmawk\tamd64\t1.3.4-1\tawk, other-awk (= 1)
ii \tlibc6\tamd64\t2.36-9\t
ii \tlibc6\ti386\t2.36-9\t
rc \tnginx\tamd64\t1.22-9\t
un \tghost\t\t\t
`
const POLICY = `bash:
  Installed: 5.2.15-2+b8
  Candidate: 5.2.15-2+b13
  Version table:
postgresql:
  Installed: (none)
  Candidate: 15+248
nowhere:
  Installed: (none)
  Candidate: (none)
`
const debian = recordedView({ 'dpkg-query*': DPKG, 'apt-cache*': POLICY }, { os_family: 'Debian' })

t.test('what dpkg and apt say', async (t) => {
  const { versions, qualified, provided } = parseDpkg(DPKG)
  t.strictSame([...versions.keys()], ['bash', 'mawk', 'libc6'], 'settings that were left behind are no package')
  t.strictSame(versions.get('libc6'), ['2.36-9', '2.36-9'])
  t.strictSame(qualified.get('libc6:i386'), ['2.36-9'])
  t.strictSame([...provided], ['awk', 'other-awk'])
  t.strictSame(Object.fromEntries(parsePolicy(POLICY)), { bash: '5.2.15-2+b13', postgresql: '15+248' })
})

t.test('what rpm and dnf say', async (t) => {
  const { versions, provided } = parseRpm(
    'bash\tx86_64\t5.1.8-6.el9\tbash /bin/sh \nkernel\tx86_64\t5.14-1\t\nkernel\tx86_64\t5.14-2\t\n',
  )
  t.strictSame(versions.get('kernel'), ['5.14-1', '5.14-2'])
  t.ok(provided.has('/bin/sh'))
  t.strictSame(Object.fromEntries(parseRepoquery('a\t1.0-1\na\t1.1-1\nb\t2-1\n')), { a: '1.1-1', b: '2-1' })
  const updates =
    '\nbash.x86_64    5.1.8-9.el9   baseos\npython3.11-libs.noarch 3.11-1 appstream\nObsoleting Packages\na.noarch 2-1 x\n    b.noarch 1-1 @y\n'
  t.strictSame(Object.fromEntries(parseUpdates(updates)), { bash: '5.1.8-9.el9', 'python3.11-libs': '3.11-1' })
})

t.test('pkg.installed', async (t) => {
  const inOrder = ['bash', 'awk', 'libc6:i386']
  for (const name of inOrder) {
    t.match(await plannedOn(debian, installed, { name }), { changes: [], comment: /already installed/ }, name)
  }
  const open = await plannedOn(debian, installed, { name: 'x', pkgs: ['bash', 'nginx', { postgresql: '15*' }] })
  t.strictSame(shownOf(open), { 'nginx, postgresql': { old: '', new: 'installed, 15+248' } })
  t.match(open.changes[0]?.makes, [{ kind: 'package', name: 'nginx' }, {}, 'anything'])
  t.strictSame(shownOf(await plannedOn(debian, installed, { name: 'bash', version: '5.2.15-2+b13' })), {
    bash: { old: '5.2.15-2+b8', new: '5.2.15-2+b13' },
  })
  await t.rejects(plannedOn(debian, installed, { name: 'postgresql', version: '>=16' }), { code: 'no-version' })
})

t.test('pkg.latest and pkg.removed', async (t) => {
  t.strictSame(shownOf(await plannedOn(debian, latest, { name: 'x', pkgs: ['bash', 'mawk'] })), {
    bash: { old: '5.2.15-2+b8', new: '5.2.15-2+b13' },
  })
  t.match(await plannedOn(debian, removed, { name: 'nginx' }), { changes: [], comment: /already absent/ })
  t.strictSame(shownOf(await plannedOn(debian, removed, { name: 'x', pkgs: ['mawk', 'nginx'] })), {
    mawk: { old: 'installed', new: '' },
  })
})

t.test('several states become one', async (t) => {
  const wants = [{ name: 'a' }, { name: 'x', pkgs: ['b', { c: '1' }] }].map((given) => installed.args.parse(given))
  const { together } = installed
  t.match(together?.join(wants), { pkgs: [{ name: 'a' }, { name: 'b' }, { name: 'c', version: '1' }] })
  t.equal(new Set(wants.map((want) => together?.key(want))).size, 1)
  const other = installed.args.parse({ name: 'a', fromrepo: 'backports' })
  t.not(together?.key(other), together?.key(wants[0] ?? {}), 'what is installed in another way goes by itself')
  t.equal(together?.key(installed.args.parse({ name: 'a', sources: { a: '/a.deb' } })), undefined)
  t.ok(together?.owns(wants[1] ?? {}, 'c'))
  t.notOk(together?.owns(wants[1] ?? {}, 'a'))
})

t.test('a system whose packages nobody knows', async (t) => {
  const arch = recordedView({}, { os_family: 'Arch' })
  await t.rejects(plannedOn(arch, installed, { name: 'bash' }), { code: 'not-supported', message: /"Arch"/ })
})

t.test('what an installer did', async (t) => {
  const before = parseDpkg('ii \ta\tamd64\t1\t\nii \tb\tamd64\t1\t\n')
  const after = parseDpkg('ii \ta\tamd64\t2\t\nii \tpython3.11\tamd64\t3\t\n')
  t.strictSame(differences(before, after), {
    a: { old: '1', new: '2' },
    b: { old: '1', new: '' },
    'python3.11': { old: '', new: '3' },
  })
})

t.test('what a bring-up-to-date would do', async (t) => {
  const said = `NOTE: This is only a simulation!
Inst libssl3 [3.0.11-1] (3.0.14-1 Debian-Security:12/stable-security [amd64]) [openssl:amd64 ]
Inst libc6:i386 [2.36-9] (2.36-10 Debian:12.5/stable [i386])
Inst new-dependency (1.0-1 Debian:12.5/stable [all])
Conf libssl3 (3.0.14-1 Debian-Security:12/stable-security [amd64])
`
  t.strictSame(Object.fromEntries(parseUpgrades(said)), {
    libssl3: { old: '3.0.11-1', new: '3.0.14-1' },
    libc6: { old: '2.36-9', new: '2.36-10' },
    'new-dependency': { old: '', new: '1.0-1' },
  })
  const view = recordedView({ 'dpkg-query*': DPKG, 'apt-get -s dist-upgrade': said }, { os_family: 'Debian' })
  t.strictSame(shownOf(await plannedOn(view, uptodate, { name: 'x', pkgs: ['libssl3', 'bash'] })), {
    upgrades: { libssl3: { old: '3.0.11-1', new: '3.0.14-1' } },
  })
  t.strictSame(shownOf(await plannedOn(view, uptodate, { name: 'x', pkgs: ['bash'] })), {})
  const failing = recordedView(
    { 'dpkg-query*': DPKG, 'apt-get*': { exitCode: 100, stderr: 'E: broken' } },
    { os_family: 'Debian' },
  )
  await t.rejects(plannedOn(failing, uptodate, { name: 'x' }), { code: 'apt-failed', message: /E: broken/u })
})

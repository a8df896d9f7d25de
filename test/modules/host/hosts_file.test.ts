import t from 'tap'
import { addressesOf, withEntry, withoutEntry } from '../../../modules/host/hosts_file.ts'
import { present } from '../../../modules/host/present.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const HOSTS = `127.0.0.1 localhost
# the cluster
10.0.0.1\tmaster  butler # our own
10.0.0.2 db
`

t.test('names and addresses', async (t) => {
  t.strictSame(addressesOf(HOSTS, 'butler'), ['10.0.0.1'])
  t.strictSame(addressesOf(HOSTS, 'own'), [])
  t.equal(withEntry(HOSTS, { ip: '10.0.0.1', name: 'butler' }), HOSTS)
  t.match(withEntry(HOSTS, { ip: '10.0.0.1', name: 'm' }), /^10\.0\.0\.1\tmaster {2}butler m # our own$/m)
  t.equal(withEntry(HOSTS, { ip: '10.0.0.3', name: 'w' }), `${HOSTS}10.0.0.3\tw\n`)
  t.equal(withEntry('', { ip: '10.0.0.3', name: 'w' }), '10.0.0.3\tw\n')
  t.equal(withEntry('a b', { ip: '10.0.0.3', name: 'w' }), 'a b\n10.0.0.3\tw\n')
  t.notMatch(withoutEntry(HOSTS, { ip: '10.0.0.2', name: 'db' }), /10\.0\.0\.2/)
  t.match(withoutEntry(HOSTS, { ip: '10.0.0.1', name: 'master' }), /^10\.0\.0\.1\tbutler # our own$/m)
})

t.test('host.present', async (t) => {
  const view = recordedView({}, {}, { '/etc/hosts': HOSTS })
  t.match(await plannedOn(view, present, { name: 'db', ip: '10.0.0.2' }), { changes: [], comment: /already present/ })
  t.strictSame(shownOf(await plannedOn(view, present, { name: 'db', ip: ['10.0.0.9'], clean: true })), {
    db: { old: '10.0.0.2', new: '10.0.0.9' },
  })
})

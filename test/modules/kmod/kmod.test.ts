import t from 'tap'
import { absent } from '../../../modules/kmod/absent.ts'
import { present } from '../../../modules/kmod/present.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

/** As a kernel tells it: name, size, uses, users, state, address. */
const LOADED = `br_netfilter 32768 0 - Live 0x0000000000000000
bridge 401408 1 br_netfilter, Live 0x0000000000000000
`

const machine = recordedView({}, {}, { '/proc/modules': LOADED, '/etc/modules-load.d/bridge.conf': 'bridge\n' })

t.test('what is loaded, and what is at every start', async (t) => {
  const want = { name: 'network', mods: ['br-netfilter', 'bridge', 'overlay'], persist: true }
  t.strictSame(shownOf(await plannedOn(machine, present, want)), {
    overlay: 'loaded',
    'at start': ['br_netfilter', 'overlay'],
  })
  t.match(await plannedOn(machine, present, { name: 'br_netfilter' }), { changes: [], comment: /br_netfilter/u })
})

t.test('what must not be', async (t) => {
  t.strictSame(shownOf(await plannedOn(machine, absent, { name: 'bridge' })), { bridge: 'removed' })
  t.strictSame(shownOf(await plannedOn(machine, absent, { name: 'pcspkr', persist: true })), {})
})

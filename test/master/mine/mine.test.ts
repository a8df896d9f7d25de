import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { DataMap } from '../../../core/data.ts'
import { secretMarker } from '../../../core/secret.ts'
import { mineFunctionsOf } from '../../../master/mine/functions.ts'
import { Mine } from '../../../master/mine/mine.ts'
import { openStore } from '../../../master/store/store.ts'
import { catalog } from '../../../modules/catalog.ts'
import { temporaryFolder } from '../repository.ts'

async function open(t: Test, now: () => number, folder = temporaryFolder(t)): Promise<{ mine: Mine; folder: string }> {
  const store = await openStore(join(folder, 'data'))
  t.teardown(() => store.destroy())
  return { mine: await Mine.open(store, now), folder }
}

t.test('values are kept by function and minion, each with its age', async (t) => {
  const clock = { now: 1000 }
  const { mine, folder } = await open(t, () => clock.now)
  await mine.put('a', ['ip', 'home'], { ip: ['10.0.0.1'], home: '/a', stray: 1 })
  await mine.put('b', ['ip'], { ip: ['10.0.0.2'] })
  t.same(
    [...mine.values('ip')],
    [
      ['a', ['10.0.0.1']],
      ['b', ['10.0.0.2']],
    ],
  )
  t.equal(mine.values('stray').size, 0, 'what pillar does not ask for is not taken')
  clock.now = 2000
  await mine.put('a', ['ip', 'home'], { ip: ['10.0.0.1'] })
  t.same(
    [...mine.aged('ip')].map(([id, { updated }]) => [id, updated]),
    [
      ['a', 2000],
      ['b', 1000],
    ],
  )
  t.equal(mine.aged('home').get('a')?.updated, 1000, 'one that gave no answer keeps the last one, with its age')
  await mine.put('a', ['ip'], { ip: ['10.0.0.9'] })
  t.equal(mine.values('home').size, 0, 'what is no longer wanted is forgotten')
  const again = await open(t, () => 3000, folder)
  t.same(
    [...again.mine.values('ip')].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    [
      ['a', ['10.0.0.9']],
      ['b', ['10.0.0.2']],
    ],
  )
  await again.mine.forget('a')
  t.same([...again.mine.values('ip').keys()], ['b'])
})

t.test('a value may not name a secret', async (t) => {
  const { mine } = await open(t, () => 0)
  const forged = { ip: { $text: [{ $secret: 'postgres/admin' }] } }
  await t.rejects(mine.put('a', ['ip'], forged), { code: 'forged-secret' })
  await t.rejects(mine.put('a', ['ip'], { ip: secretMarker('postgres/admin') }), { code: 'forged-secret' })
  t.equal(mine.values('ip').size, 0)
})

t.test('mine_functions in both of Salt’s shapes', (t) => {
  const pillar: DataMap = {
    mine_functions: {
      'test.ping': [],
      'network.ip_addrs': null,
      home: [{ mine_function: 'grains.get' }, 'home'],
      os: { mine_function: 'grains.get', key: 'os' },
    },
  }
  t.same(mineFunctionsOf(pillar, catalog), {
    'test.ping': { function: 'test.ping', args: [] },
    'network.ip_addrs': { function: 'network.ip_addrs', args: [] },
    home: { function: 'grains.get', args: ['home'] },
    os: { function: 'grains.get', args: [], named: { key: 'os' } },
  })
  t.same(mineFunctionsOf({}, catalog), {})
  const cases: [DataMap[string], string][] = [
    [['test.ping'], 'bad-mine-functions'],
    [{ 'test.pong': [] }, 'unknown-function'],
    [{ 'cmd.run': ['date'] }, 'mine-changes'],
    [{ 'test.ping': ['too', 'many'] }, 'too-many-arguments'],
    [{ x: [{ mine_function: 1 }] }, 'bad-mine-functions'],
  ]
  for (const [given, code] of cases) {
    try {
      mineFunctionsOf({ mine_functions: given }, catalog)
      t.fail(code)
    } catch (thrown) {
      t.match(thrown, code === 'bad-mine-functions' && Array.isArray(given) ? { code } : {})
      t.match(JSON.stringify(thrown), code)
    }
  }
  t.end()
})

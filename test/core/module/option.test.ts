import t from 'tap'
import { lookup } from '../../../core/module/lookup.ts'
import { fillFromPillar } from '../../../core/module/option.ts'

t.test('arguments that were left out come from pillar', async (t) => {
  const pillar = { 'postgres.user': 'admin', postgres: { host: 'db', databases: ['a'], user: 'other' } }
  const filled = fillFromPillar('postgres.db_list', { port: 1 }, pillar, ['user', 'host', 'port', 'password'])
  t.strictSame(filled, { port: 1, user: 'admin', host: 'db' })
  t.strictSame(fillFromPillar('test.ping', {}, pillar, []), {})
})

t.test('paths into data', async (t) => {
  const data = { a: { b: [{ c: 1 }] }, 'x:y': 2 }
  t.equal(lookup(data, 'a:b:0:c'), 1)
  t.equal(lookup(data, 'x:y'), 2)
  t.equal(lookup(data, 'a/b/0', '/'), data.a.b[0])
  for (const path of ['ghost', 'a:b:c', 'a:b:9', 'a:b:0:c:d', 'a:constructor'])
    t.equal(lookup(data, path), undefined, path)
})

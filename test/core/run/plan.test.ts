import { join } from 'node:path'
import { readdirSync } from 'node:fs'
import t from 'tap'
import { go } from './small.ts'

const plan = { test: true }

t.test('a plan touches nothing and says what would change', async (t) => {
  const dir = t.testdir()
  const { short, results } = await go(
    { a: ['t.touch', { name: join(dir, 'f') }], b: ['t.same'], c: ['t.failed'] },
    plan,
  )
  t.same(short, ['a: would change', 'b: true', 'c: false'])
  t.match(results[0], { ran: true, changes: { [join(dir, 'f')]: 'made' }, comment: `Would change: ${join(dir, 'f')}` })
  t.same(readdirSync(dir), [])
})

t.test('what an earlier change would make is waited for', async (t) => {
  const dir = t.testdir()
  const folder = { name: join(dir, 'd') }
  const { short, results } = await go(
    {
      d: ['t.folder', folder],
      f: ['t.touch', { name: join(dir, 'd/f') }],
      g: ['t.touch', { name: join(dir, 'e/f') }],
      guarded: ['t.changed', { guards: { creates: [folder.name] } }],
    },
    plan,
  )
  t.same(short, ['d: would change', 'f: would change', 'g: false', 'guarded: true creates'])
  t.match(results[1], { after: ['d'], comment: 'would change, after d' })
  const done = await go({ d: ['t.folder', folder], f: ['t.touch', { name: join(dir, 'd/f') }] })
  t.same(done.short, ['d: true', 'f: true'])
  const again = await go({ d: ['t.folder', folder], f: ['t.touch', { name: join(dir, 'd/f') }] }, plan)
  t.same(again.short, ['d: true', 'f: true'])
})

t.test('a package may make anything that is missing', async (t) => {
  const { short, results } = await go(
    {
      before: ['t.uses', { name: 'no-such-program' }],
      p: ['t.package'],
      after: ['t.uses', { name: 'no-such-program' }],
    },
    plan,
  )
  t.same(short, ['before: false', 'p: would change', 'after: would change'])
  t.same(results[2]?.after, ['p'])
})

t.test('requisites take what would change for changed', async (t) => {
  const { short, results } = await go(
    {
      a: ['t.changed'],
      watches: ['t.same', { refs: { watch: ['a'] } }],
      onchanges: ['t.same', { refs: { onchanges: ['a'] } }],
      listens: ['t.same', { refs: { listen: ['a'] } }],
      mends: ['t.changed', { refs: { onfail: ['a'] } }],
      later: ['t.changed', { refs: { onchanges: ['mends'] } }],
    },
    plan,
  )
  t.same(short, [
    'a: would change',
    'watches: would change mod_watch',
    'onchanges: true',
    'listens: true',
    'mends: true',
    'later: true onchanges',
    'listener_listens: would change',
  ])
  t.match(results[4], { ran: true, changes: {}, comment: /^Would run only if what it waits for failed/u })
})

t.test('looking ahead for a prereq leaves no trace in a plan', async (t) => {
  const dir = t.testdir()
  const { short } = await go(
    { first: ['t.same', { refs: { prereq: ['f'] } }], f: ['t.touch', { name: join(dir, 'f') }] },
    plan,
  )
  t.same(short, ['first: true', 'f: would change'])
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { go, type Small } from './small.ts'

// `t.files` makes files as a package manager installs packages: one run for all, and `along` comes with them.

function runsIn(dir: string): number {
  const log = join(dir, 'log')
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0
}

t.test('states that stand side by side are done in one go, and each tells its own changes', async (t) => {
  const dir = t.testdir()
  const small: Small = {
    a: ['t.files', { args: { name: join(dir, 'a') } }],
    b: ['t.files', { args: { name: join(dir, 'b') }, refs: { require: ['a'] } }],
    uses: ['t.same', { refs: { watch: ['b'] } }],
    c: ['t.files', { args: { name: join(dir, 'c') } }],
  }
  const { short, results } = await go(small)
  t.same(short, ['a: true', 'b: true', 'uses: true mod_watch', 'c: true'])
  t.same(results[0]?.changes, { [join(dir, 'a')]: 'made', [join(dir, 'along')]: 'made' }, 'with what came along')
  t.same(results[1]?.changes, { [join(dir, 'b')]: 'made' })
  t.match(results[1], { comment: 'Done in one go with others', why: /done in one go: a, b/u })
  t.equal(runsIn(dir), 2, 'one that stands apart has its own')
  t.same(
    (await go(small)).results.map(({ changes }) => changes),
    [{}, {}, {}, {}],
  )
})

t.test('`aggregate` joins those that stand apart, or keeps one by itself', async (t) => {
  const [joined, apart] = [t.testdir({ joined: {}, apart: {} })].flatMap((dir) => [
    join(dir, 'joined'),
    join(dir, 'apart'),
  ])
  const aggregate = true
  await go({
    a: ['t.files', { args: { name: `${joined}/a` }, options: { aggregate } }],
    between: ['t.same'],
    b: ['t.files', { args: { name: `${joined}/b` }, options: { aggregate }, refs: { require: ['a'] } }],
  })
  t.equal(runsIn(joined ?? ''), 1)
  await go({
    a: ['t.files', { args: { name: `${apart}/a` } }],
    b: ['t.files', { args: { name: `${apart}/b` }, options: { aggregate: false } }],
  })
  t.equal(runsIn(apart ?? ''), 2)
})

t.test('what has to be looked at first, or waits for another, has its own turn', async (t) => {
  const cases: Record<string, Parameters<typeof go>[0][string][1]> = {
    'a guard': { guards: { unless: [{ command: 'false' }] } },
    'an unmet requisite': { refs: { onfail: ['first'] } },
    'what became of one of them': { refs: { onchanges: ['a'] } },
    'a retry': { options: { retry: { attempts: 1, interval: 1, splay: 0, until: true } } },
    'a user': { options: { env: { A: 'b' } } },
  }
  for (const [what, given] of Object.entries(cases)) {
    const dir = t.testdir({})
    await go({
      first: ['t.same'],
      a: ['t.files', { args: { name: join(dir, 'a') } }],
      b: ['t.files', { ...given, args: { name: join(dir, 'b') } }],
    })
    t.equal(runsIn(dir), what === 'an unmet requisite' ? 1 : 2, what)
    t.equal(existsSync(join(dir, 'b')), what !== 'an unmet requisite', what)
  }
})

t.test('when it fails each is done by itself, and says its own failure', async (t) => {
  const dir = t.testdir()
  const { short, results } = await go({
    a: ['t.files', { args: { name: join(dir, 'a') } }],
    bad: ['t.files', { args: { name: join(dir, 'bad') } }],
    b: ['t.files', { args: { name: join(dir, 'b') }, refs: { require: ['bad'] } }],
    c: ['t.files', { args: { name: join(dir, 'c') } }],
  })
  t.same(short, ['a: true', 'bad: false', 'b: false requisite', 'c: true'])
  t.match(results[1]?.comment, 'one of them can not be made')
  t.equal(runsIn(dir), 4)
})

t.test('a run that ends early tells all that was done', async (t) => {
  const dir = t.testdir()
  const stop = new AbortController()
  const { results, summary } = await go(
    {
      a: ['t.files', { args: { name: join(dir, 'a') } }],
      b: ['t.files', { args: { name: join(dir, 'b') } }],
      c: ['t.same'],
    },
    { signal: stop.signal, onEvent: (event) => void (event.type === 'chunk-started' && stop.abort()) },
  )
  t.same(
    results.map(({ id, changes }) => [id, Object.keys(changes).length]),
    [
      ['a', 2],
      ['b', 1],
    ],
  )
  t.equal(summary['not_run'], 1)
})

t.test('what was done before its turn is told once, and not again by a late listener', async (t) => {
  const dir = t.testdir()
  const { results } = await go({
    a: ['t.files', { args: { name: join(dir, 'a') } }],
    b: ['t.files', { args: { name: join(dir, 'b') }, refs: { listen: ['a'] } }],
  })
  t.match(results[2], { id: 'listener_b', changes: { fired: 'yes' } })
  t.same(Object.keys(results[2]?.changes ?? {}), ['fired'])
})

t.test('a plan looks at each', async (t) => {
  const dir = t.testdir()
  const { short } = await go(
    { a: ['t.files', { args: { name: join(dir, 'a') } }], b: ['t.files', { args: { name: join(dir, 'b') } }] },
    { test: true },
  )
  t.same(short, ['a: would change', 'b: would change'])
  t.equal(runsIn(dir), 0)
})

t.test('what one of them lacks is told in its own turn', async (t) => {
  const dir = t.testdir()
  const more = [{ $text: [{ $secret: 'db/admin' }] }]
  const { results } = await go({
    a: ['t.files', { args: { name: join(dir, 'a') } }],
    b: ['t.files', { args: { name: join(dir, 'b'), more } }],
  })
  t.match(results, [{ result: true }, { result: false, comment: /'db\/admin' did not come along/u }])
})

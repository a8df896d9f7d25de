import { join } from 'node:path'
import t from 'tap'
import { go } from './small.ts'

/** Ends once a file is there, or after so long that the machine is broken. */
function awaiting(file: string): string {
  return `for i in $(seq 600); do test -e ${file} && exit 0; sleep 0.05; done; exit 1`
}

t.test('a parallel state runs beside those that come after it', async (t) => {
  const dir = t.testdir()
  const file = join(dir, 'made')
  const { short, results } = await go({
    waits: ['t.command', { name: awaiting(file), options: { parallel: true } }],
    makes: ['t.command', { name: `touch ${file}` }],
    needs: ['t.same', { refs: { require: ['waits'] } }],
  })
  t.same(short, ['waits: true', 'makes: true', 'needs: true'])
  t.same(
    results.map(({ order }) => order),
    [0, 1, 2],
    'results are in the order in which the states were begun',
  )
})

t.test('whoever needs to know how it ended waits for it, and the run for all', async (t) => {
  const { short } = await go({
    slow: ['t.command', { name: 'sleep 0.3; exit 3', options: { parallel: true } }],
    blocked: ['t.changed', { refs: { require: ['slow'] } }],
    instead: ['t.changed', { refs: { onfail: ['slow'] } }],
    late: ['t.command', { name: 'sleep 0.3', options: { parallel: true } }],
    listens: ['t.same', { refs: { listen: ['late'] } }],
  })
  t.same(short, [
    'slow: false',
    'blocked: false requisite',
    'instead: true',
    'late: true',
    'listens: true',
    'listener_listens: true',
  ])
})

t.test('failhard of a parallel state: what runs is let end, nothing more is begun', async (t) => {
  const dir = t.testdir()
  const file = join(dir, 'made')
  const { short, summary } = await go({
    beside: ['t.command', { name: awaiting(file), options: { parallel: true } }],
    fails: ['t.command', { name: `touch ${file}; exit 1`, options: { parallel: true, failhard: true } }],
    after: ['t.changed', { refs: { require: ['beside', 'fails'] } }],
  })
  t.same(short, ['beside: true', 'fails: false'])
  t.equal(summary['not_run'], 1)
})

t.test('a plan looks at one after the other', async (t) => {
  const { short } = await go({ a: ['t.changed', { options: { parallel: true } }], b: ['t.same'] }, { test: true })
  t.same(short, ['a: would change', 'b: true'])
})

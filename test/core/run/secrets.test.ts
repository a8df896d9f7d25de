import t from 'tap'
import { go } from './small.ts'

const secret = { $text: ['password=', { $secret: 'db/admin' }] }

t.test('a secret is in no result and no note', async (t) => {
  const went = await go(
    {
      a: ['t.says', { args: { lines: [secret] } }],
      b: ['t.command', { args: { name: { $text: ['echo ', { $secret: 'db/admin' }] } } }],
      c: ['t.command', { args: { name: { $text: ['echo ', { $secret: 'db/admin' }, ' >&2; exit 1'] } } }],
    },
    { secrets: { 'db/admin': 'S3cr3tS3cr3t' } },
  )
  t.same(went.short, ['a: true', 'b: true', 'c: false'])
  t.notMatch(JSON.stringify(went), /S3cr3t/u)
  t.match(went.results[0], {
    changes: { diff: 'not shown, since it holds a secret' },
    comment: 'wrote password=•••••••• on "Debian"',
    why: 'grain os is "Debian"',
  })
  t.match(went.results[1], { changes: { stdout: '••••••••\n' } })
})

t.test('a secret that did not come along is a failure', async (t) => {
  const { results } = await go({ a: ['t.says', { args: { lines: [secret] } }] })
  t.match(results, [{ result: false, comment: /'db\/admin' did not come along/u }])
})

t.test('no_log hides what was done, and not why it failed', async (t) => {
  const { results } = await go({
    a: ['t.says', { args: { lines: ['x'] }, options: { no_log: true } }],
    b: ['t.failed', { options: { no_log: true } }],
  })
  t.match(results[0], { changes: { diff: 'not shown (no_log)' }, comment: 'not shown (no_log)' })
  t.match(results[1], { comment: 'it can not be' })
})

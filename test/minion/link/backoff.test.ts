import t from 'tap'
import { Backoff } from '../../../minion/link/backoff.ts'

t.test('doubles up to its limit, never more than that, and never the same for all', async (t) => {
  const most = new Backoff({ firstMs: 100, mostMs: 1000, random: () => 1 })
  t.strictSame(
    Array.from({ length: 6 }, () => most.next()),
    [100, 200, 400, 800, 1000, 1000],
  )
  const least = new Backoff({ firstMs: 100, mostMs: 1000, random: () => 0 })
  t.strictSame([least.next(), least.next()], [50, 100])
})

t.test('begins small again after a success', async (t) => {
  const backoff = new Backoff({ firstMs: 100, random: () => 1 })
  backoff.next()
  backoff.next()
  backoff.reset()
  t.equal(backoff.next(), 100)
})

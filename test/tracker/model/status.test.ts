import t from 'tap'
import { illegalTransition, isLegal, RUN_STATUSES, statusNumber, statusOf } from '../../../tracker/model/status.ts'

t.test('the table of transitions', async (t) => {
  const table = RUN_STATUSES.map((from) => `${from}: ${RUN_STATUSES.filter((to) => isLegal(from, to)).join(' ')}`)
  t.strictSame(table, [
    'ready: ready scheduled error',
    'scheduled: ready in-progress error',
    'in-progress: completed error',
    'completed: ready error',
    'error: ready error',
  ])
})

t.test('the numbers of the database stay what they always were', async (t) => {
  t.strictSame(RUN_STATUSES.map(statusNumber), [0, 1, 2, 3, 4])
  t.strictSame([0, 1, 2, 3, 4].map(statusOf), [...RUN_STATUSES])
  t.throws(() => statusOf(5), /5 is no state/)
})

t.test('an illegal transition says what is and what would have to be', async (t) => {
  const error = illegalTransition(7, 'in-progress', 'scheduled')
  t.equal(error.message, "Analysis run 7 is in-progress; it can't become scheduled.")
  t.equal(error.hint, 'Only a run that is ready can.')
})

import t from 'tap'
import { Queue, type StateJob } from '../../../minion/jobs/queue.ts'
import { commands, newJid } from '../loopback/jobs.ts'

function job(line: string): StateJob {
  const work = { kind: 'state' as const, test: false, snapshot: 's', low: { inline: commands(line) }, pillar: {} }
  return { jid: newJid(), work, secrets: {}, runMs: 1 }
}

t.test('in order, equal ones beside each other', async (t) => {
  const queue = new Queue()
  const [one, two, oneAgain] = [job('one'), job('two'), job('one')]
  t.strictSame(
    [one, two, oneAgain].map((each) => queue.add(each)),
    [1, 2, 1],
  )
  t.equal(queue.position(oneAgain.jid), 1)
  t.match(queue.next(), { job: { jid: one.jid }, same: [{ jid: oneAgain.jid }] })
  t.match(queue.next(), { job: { jid: two.jid }, same: [] })
  t.equal(queue.next(), undefined)
})

t.test('who waited beside one that is cancelled keeps the place', async (t) => {
  const queue = new Queue()
  const [one, oneAgain, two] = [job('one'), job('one'), job('two')]
  for (const each of [one, oneAgain, two]) queue.add(each)
  t.ok(queue.remove(one.jid))
  t.notOk(queue.remove(one.jid))
  t.strictSame([queue.position(oneAgain.jid), queue.position(two.jid), queue.position(one.jid)], [1, 2, 0])
})

t.test('other secrets or another time are another run', async (t) => {
  const queue = new Queue()
  const one = job('one')
  queue.add(one)
  t.equal(queue.add({ ...one, jid: newJid(), secrets: { a: 'b' } }), 2)
  t.equal(queue.add({ ...one, jid: newJid(), runMs: 2 }), 3)
})

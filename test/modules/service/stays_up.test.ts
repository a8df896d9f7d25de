import t from 'tap'
import type { Data } from '../../../core/data.ts'
import type { View } from '../../../core/module/view.ts'
import { staysUp } from '../../../modules/service/stays_up.ts'
import { recordedView } from '../recorded.ts'

function stays(view: View): Promise<Data> {
  if (staysUp.changes !== false) throw new Error('It only looks.')
  return staysUp.run(view, { name: 'db', for: 30 })
}

/** What systemd says of a unit, look by look, on a machine that has been up for 1000 s; a sleep takes its time. */
function machine(looks: readonly string[]): { view: View; slept: number[] } {
  const left = [...looks]
  const slept: number[] = []
  const base = recordedView({
    'systemctl show --no-pager --property=LoadState*': 'LoadState=loaded\nActiveState=active\n',
  })
  const view: View = {
    ...base,
    read: () =>
      Promise.resolve(new TextEncoder().encode(`${1000 + slept.reduce((sum, each) => sum + each, 0)}.00 1.0\n`)),
    query: async (argv, options) => {
      const output = { exitCode: 0, stdout: '', stderr: '', timedOut: false }
      if (argv[0] === 'sleep') slept.push(Number(argv[1]))
      else if (argv.join(' ').includes('NRestarts')) return { ...output, stdout: left.shift() ?? '' }
      else return base.query(argv, options)
      return output
    },
  }
  return { view: { ...view, fact: (fact) => fact.read(view) }, slept }
}

const up = (since: number, invocation = 'a', restarts = 0): string =>
  `ActiveState=active\nSubState=running\nNRestarts=${restarts}\nInvocationID=${invocation}\n` +
  `ActiveEnterTimestampMonotonic=${since * 1e6}\n`

t.test('one that has been up for long is not waited for', async (t) => {
  const { view, slept } = machine([up(900)])
  t.equal(await stays(view), 100)
  t.strictSame(slept, [])
})

t.test('one that was just started is looked at again when it has been up for long enough', async (t) => {
  const { view, slept } = machine([up(990), up(990)])
  t.equal(await stays(view), 30)
  t.strictSame(slept, [20])
})

t.test('one that is restarted meanwhile does not stay up, though it is active at each look', async (t) => {
  const { view } = machine([up(999), up(1025, 'b', 4)])
  await t.rejects(stays(view), {
    code: 'restarts',
    message: 'db.service was restarted within 30 s (4 times so far).',
  })
})

t.test('one that is down', async (t) => {
  const { view } = machine(['ActiveState=failed\nSubState=failed\n'])
  await t.rejects(stays(view), { message: 'db.service is failed (failed).' })
})

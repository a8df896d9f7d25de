import t from 'tap'
import { processesOf } from '../road/processes.ts'
import { Checkout } from './checkout.ts'

// npm start, the way a newcomer meets it: each test on a checkout of its own, changed as a person would change it.

const RUN = 'examples/analyses/test-analysis/run-config/test_run.json'
const ANALYSIS = 'examples/analyses/test-analysis/analysis.json'
const DEPLOY = 'examples/deployments/embedded/orchestrations/deploy.yaml'

t.test('the most special configuration wins: run, then analysis, then workflow', async (t) => {
  const checkout = new Checkout()
  t.teardown(() => checkout.remove())

  const first = checkout.start()
  t.equal(await first.ended, 0, first.output())
  t.match(first.output(), /^Hello, world! - set by Analysis Run\.$/mu)

  checkout.write(RUN, JSON.stringify({ test_message: 'Good morning from the run.' }))
  const changed = checkout.start()
  t.equal(await changed.ended, 0, changed.output())
  t.match(changed.output(), /^Good morning from the run\.$/mu)

  checkout.write(RUN, '{}')
  const withoutRun = checkout.start()
  t.equal(await withoutRun.ended, 0, withoutRun.output())
  t.match(withoutRun.output(), /^Hello, world! - set by Analysis$/mu)

  checkout.write(ANALYSIS, '{}')
  const withoutAnalysis = checkout.start()
  t.equal(await withoutAnalysis.ended, 0, withoutAnalysis.output())
  t.match(withoutAnalysis.output(), /^Hello, world!$/mu)
  t.strictSame(processesOf(checkout.folder), [], 'nothing is left running')
})

t.test('a deployment with a step taken out fails and says why', async (t) => {
  for (const [step, reason] of [
    ['database', /error: The folder \S+\/databases of 'database' is not there\./u],
    ['workers', /error: The folder \S+\/work of 'workdir' is not there\./u],
    ['tracker', /error: The tracker is not set up here/u],
  ] as const) {
    const checkout = new Checkout()
    t.teardown(() => checkout.remove())
    checkout.write(DEPLOY, without(checkout.read(DEPLOY), step))
    const started = checkout.start()
    t.equal(await started.ended, 1, started.output())
    t.match(started.output(), reason)
    t.notMatch(started.output(), /^Hello, world!/mu)
    t.strictSame(processesOf(checkout.folder), [])
  }
})

t.test('after Ctrl-C, after kill -9, and while another one stays up, it starts again', async (t) => {
  const checkout = new Checkout()
  t.teardown(() => checkout.remove())

  const interrupted = checkout.start()
  await interrupted.says('The deployment')
  interrupted.kill('SIGINT')
  t.equal(await interrupted.ended, 130, interrupted.output())
  t.strictSame(processesOf(checkout.folder), [])

  const killed = checkout.start()
  await killed.says('The deployment')
  killed.kill('SIGKILL')
  await killed.ended

  const staying = checkout.start('--stay')
  await staying.says('Everything stays up until Ctrl-C.')
  t.ok(processesOf(checkout.folder).length >= 4, 'a master and three minions are up')

  const another = checkout.start()
  t.equal(await another.ended, 0, another.output())
  staying.kill('SIGINT')
  await staying.ended
  t.strictSame(processesOf(checkout.folder), [])
})

/** The orchestration without one step, and without the requisites that name it. */
function without(text: string, step: string): string {
  return text
    .split(/\n(?=\S)/u)
    .filter((block) => !block.startsWith(`${step}:`))
    .join('\n')
    .replaceAll(new RegExp(`^ *- fleet: ${step}\n`, 'gmu'), '')
    .replaceAll(/^ *- require:\n(?! *- fleet:)/gmu, '')
}

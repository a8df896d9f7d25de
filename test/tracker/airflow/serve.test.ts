import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { until } from '../engines/until.ts'
import { Site } from './site.ts'

// Real programs, one after the other, on a machine that may be busy.
t.setTimeout(300_000)

const LAUNCH = ['launch-workflow', '-w', '1', '-a', '1', '-c', 'runs']

/** A site with a workflow of these tasks, an analysis, and the runs' files, ready to be launched. */
async function prepared(
  t: Test,
  tasks: object,
  runs: Record<string, object> = { 'r.json': {} },
  settings: object = {},
): Promise<Site> {
  const files = {
    'flow/workflow.yaml': { name: 'my flow', version: '1', tasks },
    'flow/c.json': { message: 'from the workflow' },
    'flow/data/say.txt': 'said by a file of the workflow\n',
    'a.json': {},
    ...Object.fromEntries(Object.entries(runs).map(([name, run]) => [`runs/${name}`, run])),
  }
  const site = await Site.open(t, files, settings)
  t.equal((await site.butler.run('create-workflow', '-n', 'my flow', '-v', '1', '-c', 'flow/c.json')).code, 0)
  t.equal((await site.butler.run('create-analysis', '-n', 'study', '-c', 'a.json')).code, 0)
  return site
}

function shell(script: string, more: object = {}): object {
  return { command: ['sh', '-c', script], ...more }
}

t.test('runs go through Airflow: tasks after what they need, items, files of the workflow, one log', async (t) => {
  const site = await prepared(
    t,
    {
      first: { command: ['cat', '{{workflow.folder}}/data/say.txt'] },
      each: { command: ['echo', '{{config.message}}:', '{{item}}'], for_each: 'config.parts', needs: ['first'] },
      last: shell('echo "run $BUTLER_ANALYSIS_RUN_ID"; cat "$BUTLER_CONFIG" >&2', { needs: ['each'] }),
    },
    { 'r.json': { parts: ['x', 'y'] }, 'none.json': { parts: [], message: 'of the run' } },
  )
  const { code, stdout, stderr } = await site.butler.run(...LAUNCH)
  t.equal(code, 0, stdout + stderr)
  t.match(stdout, /\n2 of 2 analysis runs completed\.\n/)
  const { stdout: log } = await site.butler.run('run-log', '-r', '2')
  t.match(log, /run 2: started \(r\.json\)[^]*run 2, first: started on \S+\nsaid by a file of the workflow/)
  t.match(log, /from the workflow: x/)
  t.match(log, /from the workflow: y/)
  t.match(log, /run 2, last: started on \S+\nrun 2\n/)
  t.match(await site.butler.json('show-run', '-r', '1'), {
    run: { run_status: 'completed', attempt: 1 },
    tasks: [{ task: 'first', state: 'completed', exit_code: 0 }, { task: 'last' }],
  })
  t.equal(site.airflow.stateOf('butler-run-2-1-'), 'success')
})

t.test('twenty runs at once', async (t) => {
  const runs = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}.json`, { n }]))
  const site = await prepared(t, { say: { command: ['echo', 'number {{config.n}}'] } }, runs)
  const { code, stdout } = await site.butler.run(...LAUNCH)
  t.equal(code, 0, stdout)
  t.match(stdout, /\n20 of 20 analysis runs completed\.\n/)
})

t.test('a failure: its exit code, where it was, the end of its log, and what was not run', async (t) => {
  const site = await prepared(t, {
    bad: shell('echo about to break; echo broken >&2; exit 3', { retries: 1 }),
    after: shell('echo never', { needs: 'bad' }),
  })
  const { code, stdout } = await site.butler.run(...LAUNCH)
  t.equal(code, 1)
  t.match(stdout, /bad: failed after .*: it ended with exit code 3; once more\n/)
  t.match(stdout, /run 1, after: not run, since what it needs did not complete\n/)
  t.match(await site.butler.json('show-run', '-r', '1'), {
    run: {
      run_status: 'error',
      error: {
        kind: 'task-failed',
        exit_code: 3,
        cause: /^Task 'bad' failed on \S+: it ended with exit code 3\. It said at its end: .*broken/,
      },
    },
    tasks: [
      { attempt: 1, state: 'error' },
      { attempt: 2, state: 'error', exit_code: 3 },
    ],
  })
  t.match(await site.butler.run('retry-run', '-r', '1'), { code: 1, stdout: /attempt 2/ })
})

t.test('a task that is killed from outside: the run ends with where, and what it said', async (t) => {
  const site = await prepared(t, { slow: shell('echo $$ > pid; echo at work; exec sleep 1000') })
  const launched = site.butler.start(...LAUNCH)
  await launched.says('at work')
  for (const child of site.airflow.children) child.kill('SIGKILL')
  t.equal((await launched.ended).code, 1)
  t.match(await site.butler.json('show-run', '-r', '1'), {
    run: { error: { cause: /^Task 'slow' was killed on \S+, .* It said at its end: at work$/ } },
    tasks: [{ state: 'error', cause: 'It never told of its end.' }],
  })
  process.kill(Number(readFileSync(join(site.butler.folder, 'worker/runs/run-1', 'attempt-1', 'work', 'pid'), 'utf8')))
})

t.test('what a killed attempt left running is ended before the next one begins', async (t) => {
  const script = [
    'if [ -e pid ]; then while kill -0 "$(cat pid)"; do sleep 0.1; done; echo it is gone; exit; fi',
    'echo $$ > pid; echo at work; exec sleep 1000',
  ].join('; ')
  const site = await prepared(t, { slow: shell(script, { retries: 1 }) })
  const launched = site.butler.start(...LAUNCH)
  await launched.says('at work')
  for (const child of site.airflow.children) child.kill('SIGKILL')
  t.match(await launched.ended, { code: 0, stdout: /\(attempt 2\)\n(.*\n)*it is gone\n/ })
})

t.test('a run that somebody marks as successful in Airflow is not: its task never said so', async (t) => {
  const site = await prepared(t, { slow: shell('echo at work; sleep 1000') })
  const launched = site.butler.start(...LAUNCH)
  await launched.says('at work')
  site.airflow.mark('butler-run-1-', 'success')
  t.match(await launched.ended, { code: 1, stdout: /Airflow says that it succeeded, but task 'slow' never told/ })
  await until(async () => site.airflow.children.size === 0)
})

t.test('cancelled: its program ends, in Airflow too', async (t) => {
  const site = await prepared(t, { slow: shell('echo at work; sleep 1000') })
  const launched = site.butler.start(...LAUNCH)
  await launched.says('at work')
  t.equal((await site.butler.run('cancel-run', '-r', '1')).code, 0)
  t.equal((await launched.ended).code, 1)
  t.match(await site.butler.json('show-run', '-r', '1'), { run: { error: { kind: 'cancelled' } } })
  await until(async () => site.airflow.children.size === 0)
  t.equal(site.airflow.stateOf('butler-run-1-1-'), 'failed')
})

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  t.test(`the tracker ends by ${signal} and is started again: nothing is lost and nothing is twice`, async (t) => {
    const site = await prepared(t, { count: shell('for n in 1 2 3 4 5 6; do echo "line $n"; sleep 0.5; done') })
    const launched = site.butler.start(...LAUNCH)
    await launched.says('line 2')
    await site.stop(signal)
    await site.serve()
    const { code, stdout } = await launched.ended
    t.equal(code, 0, stdout)
    const { stdout: log } = await site.butler.run('run-log', '-r', '1')
    t.strictSame(log.match(/line \d/gu), ['line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'line 6'])
  })
}

t.test('a run that Airflow does not take ends in error, and the others go on', async (t) => {
  const runs = { 'a.json': { odd: true }, 'b.json': {} }
  const site = await prepared(t, { say: { command: ['echo', 'here'] } }, runs)
  site.airflow.refuses = ({ odd }) => odd === true
  const { code, stdout } = await site.butler.run(...LAUNCH)
  t.equal(code, 1)
  t.match(stdout, /run 1 \(a\.json\): Airflow at .* answers 422 to POST .*too odd/)
  t.match(stdout, /\n1 of 2 analysis runs completed:\n/)
})

t.test('a DAG that was written by hand, by the name of the workflow', async (t) => {
  const site = await prepared(t, { unused: shell('true') })
  site.airflow.byHand.set('my-dag', { says: 'said by the DAG', succeeds: true })
  const created = ['create-workflow', '-v', '1', '-c', 'a.json', '-n']
  t.match(await site.butler.run(...created, 'my-dga'), { code: 2, stderr: /Nor does Airflow know a DAG 'my-dga'/ })
  t.match(await site.butler.run(...created, 'my-dag'), { code: 0 })
  const launch = ['launch-workflow', '-w', '2', '-a', '1', '-c', 'runs']
  t.match(await site.butler.run(...launch), { code: 0, stdout: /only: started on worker-9\nsaid by the DAG\n/ })
  site.airflow.byHand.set('my-dag', { says: 'said by the DAG', succeeds: false })
  t.match(await site.butler.run(...launch), {
    code: 1,
    stdout: /Task 'only' failed on worker-9: Airflow has it as failed/,
  })
})

t.test('nobody hands runs over: the launch says so, and makes no run', async (t) => {
  const site = await prepared(t, { say: shell('true') }, undefined, { lease: '2s' })
  await site.stop()
  await until(async () => (await site.butler.run(...LAUNCH)).code === 2)
  t.match(await site.butler.run(...LAUNCH), { code: 2, stderr: /'butler serve' is not running/ })
})

t.test('a tracker that is away for longer than its lease: the program is ended, and the run is in error', async (t) => {
  const site = await prepared(t, { slow: shell('echo at work; sleep 1000') }, undefined, { lease: '3s' })
  const launched = site.butler.start(...LAUNCH)
  await launched.says('at work')
  await site.stop('SIGKILL')
  await until(async () => site.airflow.children.size === 0)
  t.match(await launched.ended, { code: 1, stdout: /it was last heard of at/ })
})

t.test('a second one beside it ends at once, and the first goes on', async (t) => {
  const site = await prepared(t, { say: shell('echo hello') })
  t.match(await site.butler.run('serve'), {
    code: 2,
    stderr: /A tracker runs already on .*, as process \d+/,
  })
  t.match(await site.butler.run(...LAUNCH), { code: 0, stdout: /hello/ })
})

t.test('the port: strangers see health alone; a token is of one attempt of one run', async (t) => {
  const site = await prepared(t, { slow: shell('sleep 1000') })
  t.match(await site.ask('/health', { asStranger: true }), { status: 200 })
  t.match(await site.ask('/v1/workflows', { asStranger: true }), { status: 401 })
  t.match(await site.ask('/v1/runs/1/attempts/1', { asStranger: true, token: 'x' }), { status: 401 })
  t.match(await site.ask('/v1/runs/1/attempts/1', { token: 'x' }), { status: 403, body: /bad-token/ })
  t.match(await site.ask('/v1/runs/1/attempts/1'), { status: 403 })
  t.match(await site.ask('/v1/runs/x/attempts/1', { token: 'x' }), { status: 400 })
  t.match(await site.ask('/v1/nothing'), { status: 404 })
  const { dags } = JSON.parse((await site.ask('/v1/workflows')).body)
  t.match(dags, [{ dag: 'my_flow-1-1', tasks: [{ name: 'slow', isMapped: false }] }])
  const launched = site.butler.start(...LAUNCH)
  await launched.says('slow: started')
  const token = Object.values(site.airflow.tokens)[0] ?? ''
  const task = '/v1/runs/1/attempts/1/tasks/slow/attempts/1'
  const report = (body: string) => site.ask(task, { method: 'POST', token, body })
  t.match(await report('{'), { status: 400, body: /no JSON/ })
  t.match(await report('{"from":-1,"events":[]}'), { status: 400, body: /'from'/ })
  t.match(await report('{"from":0,"events":[{"type":"output","task":"other","stream":"stdout","text":"x"}]}'), {
    status: 400,
    body: /an event that is not its own/,
  })
  t.match(await report(`{"from":0,"events":[],"x":"${'x'.repeat(5_000_000)}"}`), { status: 400, body: /too-large/ })
  t.match(await site.ask('/v1/runs/2/attempts/1', { token }), { status: 403 }, 'not for another run')
  t.match(await site.ask('/v1/runs/1/attempts/2', { token }), { status: 403 }, 'nor for another attempt')
  await site.butler.run('cancel-run', '-r', '1')
  t.match(await report('{"from":0,"events":[]}'), { status: 200, body: /"go":false/ })
  await launched.ended
  const digest = '0'.repeat(64)
  t.match(await site.ask(`/v1/workflows/${digest}`), { status: 404 })
  t.match(await site.ask(`/v1/workflows/..%2F..%2Fetc`), { status: 404 })
})

t.test('a machine that is no worker, and settings that are incomplete', async (t) => {
  const site = await prepared(t, { say: shell('true') })
  const taskRun = ['task', 'run', '-r', '1', '--run-attempt', '1', '--task', 'say', '--attempt', '1']
  site.butler.write({ 'empty/x': '', 'etc/butler/tracker.yaml': { engine: 'airflow' } })
  t.match(await site.butler.run('--config', 'empty', ...taskRun), { code: 2, stderr: /no .*worker\.yaml/ })
  t.match(await site.butler.run('list-runs'), { code: 2, stderr: /airflow and serve and ca_file must be given/ })
})

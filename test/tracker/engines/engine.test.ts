import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { Butler } from '../cli/butler.ts'
import { until } from './until.ts'

// Real programs, one after the other, on a machine that may be busy.
t.setTimeout(300_000)

/** A workflow of these tasks, an analysis, and the runs' files, ready to be launched. */
async function prepared(t: Test, tasks: object, runs: Record<string, object>, settings: object = {}): Promise<Butler> {
  const butler = new Butler(
    t,
    {
      'flow/workflow.yaml': { name: 'flow', version: '1', tasks },
      'flow/c.json': {},
      'a.json': {},
      ...Object.fromEntries(Object.entries(runs).map(([name, run]) => [`runs/${name}`, run])),
    },
    { lease: '2s', ...settings },
  )
  t.equal((await butler.run('create-workflow', '-n', 'flow', '-v', '1', '-c', 'flow/c.json')).code, 0)
  t.equal((await butler.run('create-analysis', '-n', 'study', '-c', 'a.json')).code, 0)
  return butler
}

const LAUNCH = ['launch-workflow', '-w', '1', '-a', '1', '-c', 'runs']

/** A task in plain shell. */
function shell(script: string, more: object = {}): object {
  return { command: ['sh', '-c', script], ...more }
}

t.test('tasks run after what they need, share a folder, and know their run', async (t) => {
  const butler = await prepared(
    t,
    {
      last: shell(
        'cat first second-* && echo "run $BUTLER_ANALYSIS_RUN_ID task $BUTLER_TASK" && cat "$BUTLER_CONFIG"',
        { needs: ['second'] },
      ),
      second: {
        command: ['sh', '-c', 'echo "$0 of $BUTLER_ITEM" > second-$0', '{{item}}'],
        for_each: 'config.parts',
        needs: ['first'],
      },
      first: shell('echo one > first; echo to stderr >&2; printf unended'),
    },
    { 'r.json': { parts: ['x', 'y'] } },
  )
  const { code, stdout } = await butler.run(...LAUNCH)
  t.equal(code, 0, stdout)
  t.match(stdout, /\none\nx of x\ny of y\nrun 1 task last\n\{\n {2}"parts"/)
  t.match(stdout, /\nto stderr\n/)
  t.match(stdout, /\nunended\n/)
  const { tasks } = await butler.json('show-run', '-r', '1')
  t.match(tasks, [{ task: 'first' }, { task: /second/ }, { task: /second/ }, { task: 'last', state: 'completed' }])
})

t.test('no shell reads an argument', async (t) => {
  const butler = await prepared(
    t,
    { say: { command: ['printf', '%s\n', '{{config.m}}', '{{config.list}}'] } },
    { 'r.json': { m: '$(id) `id` "; rm -rf', list: ['a b', '*'] } },
  )
  t.match((await butler.run(...LAUNCH)).stdout, '\n$(id) `id` "; rm -rf\na b\n*\n')
})

t.test('a failure: the cause, what is not run after it, what goes on beside it, and the exit code', async (t) => {
  const butler = await prepared(
    t,
    {
      bad: shell('echo broken >&2; exit 3'),
      after: shell('echo never', { needs: 'bad' }),
      beside: shell('echo beside'),
    },
    { 'r.json': {}, 's.json': {} },
  )
  const { code, stdout } = await butler.run(...LAUNCH)
  t.equal(code, 1)
  t.match(stdout, /run 1, bad: failed after .*: it ended with exit code 3\n/)
  t.match(stdout, /run 1, after: not run, since 'bad' did not complete\n/)
  t.match(stdout, /\nbeside\n/)
  t.notMatch(stdout, /\nnever\n/)
  t.match(
    stdout,
    /\n0 of 2 analysis runs completed:\n {2}run 1 \(r\.json\): Task 'bad' failed: it ended with exit code 3\./,
  )
  t.match(stdout, /butler run-log -r 1\n.*butler retry-run -r 1\n$/)
  t.match(await butler.json('list-runs', '-s', 'error'), {
    runs: [{ error: { kind: 'task-failed', exit_code: 3 } }, { analysis_run_id: 2 }],
  })
  t.equal((await butler.run('run-log', '-r', '1', '-f')).code, 1)
  t.match(await butler.run('retry-run', '-r', '1'), { code: 1, stdout: /attempt 2/ })
})

t.test('retries, a program that is missing, and a killed one', async (t) => {
  const butler = await prepared(
    t,
    {
      again: shell('test -e tried || { touch tried; exit 1; }', { retries: 2 }),
      missing: { command: ['butler-no-such-program'] },
      killed: shell('kill -KILL $$'),
    },
    { 'r.json': {} },
  )
  const { code, stdout } = await butler.run(...LAUNCH)
  t.equal(code, 1)
  t.match(stdout, /again: failed after .*exit code 1; once more\n[^]*again: started \(attempt 2\)[^]*again: completed/)
  t.match(stdout, /there is no program 'butler-no-such-program' on this machine/)
  t.match(stdout, /killed: failed after .*: it was killed by SIGKILL/)
  t.match(stdout, /\(and 1 more\)/)
})

t.test('a timeout ends the program and all that it started', async (t) => {
  const butler = await prepared(
    t,
    { slow: shell('sleep 1000 & echo $! > child; wait', { timeout: '500ms' }) },
    { 'r.json': {} },
  )
  const { code, stdout } = await butler.run(...LAUNCH)
  t.equal(code, 1)
  t.match(stdout, /slow: failed after .*: it ran longer than 500 ms\n/)
  t.match(await butler.json('show-run', '-r', '1'), { run: { error: { kind: 'timed-out' } } })
  t.notOk(isAlive(pidIn(butler, 'run-1/attempt-1/work/child')))
})

t.test('never more tasks at once than allowed', async (t) => {
  const script = 'mkdir -p "$0" && touch "$0/$$" && ls "$0" | wc -l && sleep 0.2 && rm "$0/$$"'
  const runs = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`${n}.json`, {}]))
  const butler = await prepared(
    t,
    { count: { command: ['sh', '-c', script, '{{workflow.folder}}-busy'], for_each: [1, 2] } },
    runs,
    { concurrency: 3 },
  )
  const { code, stdout } = await butler.run(...LAUNCH)
  t.equal(code, 0, stdout)
  const seen = stdout
    .split('\n')
    .filter((line) => /^\s*\d+$/u.test(line))
    .map(Number)
  t.equal(seen.length, 12)
  t.ok(Math.max(...seen) <= 3, `at once: ${seen.join(' ')}`)
})

t.test('Ctrl-C ends the watching, and the run goes on', async (t) => {
  const butler = await prepared(
    t,
    { wait: shell('echo begun; until test -e go; do sleep 0.05; done; echo gone on') },
    { 'r.json': {} },
  )
  const launch = butler.start('launch-workflow', '-w', '1', '-a', '1', '-c', 'runs')
  await launch.says('begun')
  launch.child.kill('SIGINT')
  const detached = await launch.ended
  t.equal(detached.code, 1)
  t.match(detached.stderr, /Detached; what was launched goes on\.[^]*butler run-log -r 1 -f/)
  const follow = butler.start('run-log', '-r', '1', '-f')
  await follow.says('begun')
  t.match(await butler.json('show-run', '-r', '1'), { run: { run_status: 'in-progress' } })
  butler.write({ 'var/lib/butler/runs/run-1/attempt-1/work/go': '' })
  t.match(await follow.ended, { code: 0, stdout: /gone on\n[^]*run 1: completed/ })
})

t.test('cancelling ends the programs of a run that is going on', async (t) => {
  const butler = await prepared(
    t,
    { slow: shell('sleep 1000 & echo $! > child; echo begun; wait', { retries: 5 }) },
    { 'r.json': {} },
  )
  const launch = butler.start(...LAUNCH)
  await launch.says('begun')
  const cancelled = await butler.run('cancel-run', '-r', '1')
  t.match(cancelled, { code: 0, stdout: /^run 1 is error: It was cancelled by .* on .*\.\n$/ })
  t.match(await launch.ended, { code: 1, stdout: /run 1: error: It was cancelled by/ })
  t.notOk(isAlive(pidIn(butler, 'run-1/attempt-1/work/child')))
  t.match(await butler.run('cancel-run', '-r', '1'), { code: 2, stderr: /nothing to cancel/ })
})

t.test('kill -9 of the engine: the watcher says so, nothing is left running, and resume does it again', async (t) => {
  const butler = await prepared(
    t,
    {
      slow: shell(
        'test -e ../../../once && exit 0; touch ../../../once; sleep 1000 & echo $! > child; echo begun; wait',
      ),
    },
    { 'r.json': {}, 's.json': {} },
    { concurrency: 1 },
  )
  const launch = butler.start(...LAUNCH)
  await launch.says('begun')
  process.kill(await enginePid(butler), 'SIGKILL')
  const ended = await launch.ended
  t.equal(ended.code, 1)
  t.match(
    ended.stdout,
    /0 of 2 analysis runs completed:\n {2}run 1 \(r\.json\): The engine \(process \d+ on .*\) stopped/,
  )
  await until(async () => !isAlive(pidIn(butler, 'run-1/attempt-1/work/child')))
  t.match(await butler.run('resume'), {
    code: 0,
    stderr: /run 1 \(r\.json\): The engine/,
    stdout: /2 of 2 analysis runs completed/,
  })
})

t.test('kill -9 of the engine with nobody watching: the lease ends its runs', async (t) => {
  const butler = await prepared(t, { slow: shell('sleep 1000 & echo $! > child; echo begun; wait') }, { 'r.json': {} })
  const launch = butler.start(...LAUNCH)
  await launch.says('begun')
  const engine = await enginePid(butler)
  launch.child.kill('SIGKILL')
  await launch.ended
  t.ok(isAlive(engine), 'it does not end with its watcher')
  process.kill(engine, 'SIGKILL')
  t.match(await butler.json('list-runs'), { runs: [{ run_status: 'in-progress' }] }, 'the lease has not run out')
  const follow = await butler.run('run-log', '-r', '1', '-f')
  t.match(follow, {
    code: 1,
    stderr: /run 1: error: The engine \(process \d+ on .*\) stopped: it was last heard of at/,
  })
  t.match(await butler.json('list-runs'), { runs: [{ run_status: 'error', error: { kind: 'engine-stopped' } }] })
  t.match(await butler.json('show-run', '-r', '1'), { tasks: [{ state: 'error', cause: 'The engine stopped.' }] })
  t.notOk(isAlive(pidIn(butler, 'run-1/attempt-1/work/child')))
})

t.test('an engine that is told to end takes its programs with it', async (t) => {
  const butler = await prepared(
    t,
    { slow: shell('sleep 1000 & echo $! > child; echo begun; wait') },
    { 'r.json': {}, 's.json': {} },
    { concurrency: 1 },
  )
  const launch = butler.start(...LAUNCH)
  await launch.says('begun')
  process.kill(await enginePid(butler), 'SIGTERM')
  const ended = await launch.ended
  t.match(ended, {
    code: 1,
    stdout: /run 1 \(r\.json\): The engine was told to end\.\n {2}run 2 \(s\.json\): The engine was told to end\./,
  })
  t.notOk(isAlive(pidIn(butler, 'run-1/attempt-1/work/child')))
})

t.test('two launches at the same moment', async (t) => {
  const butler = await prepared(t, { say: shell('echo done') }, { 'r.json': {}, 's.json': {} })
  const ended = await Promise.all([butler.run(...LAUNCH), butler.run(...LAUNCH)])
  for (const each of ended) t.match(each, { code: 0, stdout: /2 of 2 analysis runs completed/ })
  const { runs } = await butler.json('list-runs', '-s', 'completed')
  t.match(runs, [{ analysis_run_id: 1 }, { analysis_run_id: 2 }, { analysis_run_id: 3 }, { analysis_run_id: 4 }])
})

t.test('--detach returns at once', async (t) => {
  const butler = await prepared(t, { say: shell('echo done') }, { 'r.json': {} })
  t.match(await butler.run(...LAUNCH, '--detach'), { code: 0, stdout: /butler run-log -r 1 -f/ })
  t.match(await butler.run('run-log', '-r', '1', '-f'), { code: 0, stdout: /\ndone\n/ })
})

async function enginePid(butler: Butler): Promise<number> {
  return shown.parse(await butler.json('show-run', '-r', '1')).run.engine.pid
}

const shown = z.object({ run: z.object({ engine: z.object({ pid: z.number() }) }) })

function pidIn(butler: Butler, file: string): number {
  return Number(readFileSync(join(butler.folder, 'var/lib/butler/runs', file), 'utf8'))
}

/** A process that has ended and that nobody has asked about yet, a zombie, is not alive. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

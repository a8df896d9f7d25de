import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { Butler } from './butler.ts'

// Real programs, one after the other, on a machine that may be busy.
t.setTimeout(300_000)

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url))

/** The examples as they are in the project, in a folder where they may be changed. */
function withExamples(t: Test): Butler {
  const butler = new Butler(t)
  cpSync(EXAMPLES, join(butler.folder, 'examples'), { recursive: true })
  return butler
}

const ROAD = {
  workflow: [
    'create-workflow',
    '-n',
    'test',
    '-v',
    '1.0',
    '-c',
    'examples/workflow/test-workflow/test-workflow-config.json',
  ],
  analysis: [
    'create-analysis',
    '-n',
    'test',
    '-d',
    '01-01-2017',
    '-c',
    'examples/analyses/test-analysis/analysis.json',
  ],
  launch: ['launch-workflow', '-w', '1', '-a', '1', '-c', 'examples/analyses/test-analysis/run-config/'],
}

const RUN_FILE = 'examples/analyses/test-analysis/run-config/test_run.json'

t.test('three commands, and the analysis run has the last word', async (t) => {
  const butler = withExamples(t)
  t.strictSame(await butler.run(...ROAD.workflow), { code: 0, stdout: 'Created workflow with ID: 1\n', stderr: '' })
  t.strictSame(await butler.run(...ROAD.analysis), { code: 0, stdout: 'Created analysis with ID: 1\n', stderr: '' })
  const launched = await butler.run(...ROAD.launch)
  t.equal(launched.code, 0, launched.stderr)
  t.ok(launched.stdout.split('\n').includes('Hello, world! - set by Analysis Run.'), launched.stdout)
  t.match(launched.stdout, /run 1: started[^]*run 1, test: started[^]*run 1, test: completed[^]*run 1: completed/)
  t.match(launched.stdout, /1 of 1 analysis run completed\.\n$/)

  t.match(await butler.json('show-run', '-r', '1'), {
    schema: 'butler.tracker/1',
    ok: true,
    run: {
      run_status: 'completed',
      attempt: 1,
      error: null,
      effective_config: { test_message: 'Hello, world! - set by Analysis Run.' },
    },
    tasks: [{ task: 'test', state: 'completed', exit_code: 0 }],
  })
  t.match(
    (await butler.run('list-workflows')).stdout,
    /^workflow_id +workflow_name +workflow_version .*config_id\n1 +test +1\.0 /,
  )
  t.match((await butler.run('list-analyses')).stdout, /^analysis_id .*\n1 +test +2017-01-01 /)
  t.match((await butler.run('run-log', '-r', '1')).stdout, /\nHello, world! - set by Analysis Run\.\n/)
  t.equal(
    (await butler.run('get-run-count', '-a', '1', '-s', 'completed')).stdout,
    'There are 1 analysis runs for analysis 1, with status completed\n',
  )
  t.match(
    (await butler.run('get-run-count', '-a', '1')).stdout,
    /^There are 1 analysis runs for analysis 1: 0 ready, .* 1 completed, 0 error\n$/,
  )
})

t.test('without it in the run the analysis has it, and without that the workflow', async (t) => {
  const butler = withExamples(t)
  await butler.run(...ROAD.workflow)
  await butler.run(...ROAD.analysis)
  butler.write({ [RUN_FILE]: {} })
  t.match((await butler.run(...ROAD.launch)).stdout, /\nHello, world! - set by Analysis\n/)
  butler.write({ 'empty.json': {} })
  const updated = await butler.run('update-config', '-a', '1', '-c', 'empty.json')
  t.equal(updated.code, 0)
  t.match((await butler.run(...ROAD.launch)).stdout, /\nHello, world!\n/)
  t.equal(
    (await butler.run('print-effective-config', '-r', '1')).stdout,
    '{\n    "test_message": "Hello, world! - set by Analysis"\n}\n',
    'the past stays',
  )

  const [, id = ''] = /is now (.*)\n/.exec(updated.stdout) ?? []
  t.equal((await butler.run('print-config', '-c', id)).stdout, '{}\n')
  t.match(await butler.run('print-config', '-c', '2f1a8f0e-6b1d-4c7e-9d55-0a6f2b3c4d5e'), {
    code: 2,
    stderr: /No configuration found with config_id: 2f1a/,
  })
})

t.test('long flags, with underscores and with dashes; a workflow by its name; kept as it was', async (t) => {
  const butler = withExamples(t)
  const flow = "name: by-name\nversion: '2'\ntasks: {say: {command: [sh, '{{workflow.folder}}/say.sh']}}\n"
  butler.write({
    'workflows/one/workflow.yaml': flow,
    'workflows/one/say.sh': 'echo as it was',
    'c.yaml': 'a: 1\n',
    'runs/r.yaml': '{}',
  })
  const created = await butler.run(
    'create-workflow',
    '--workflow-name',
    'by-name',
    '--workflow-version=2',
    '--config_file_location',
    'c.yaml',
  )
  t.strictSame(created, { code: 0, stdout: 'Created workflow with ID: 1\n', stderr: '' })
  await butler.run(
    'create-analysis',
    '--analysis_name',
    'x',
    '--analysis-start-date',
    '2020-02-29',
    '--config-file-location',
    'c.yaml',
  )
  butler.write({ 'workflows/one/say.sh': 'echo edited' })
  const launched = await butler.run(
    'launch-workflow',
    '--workflow_id',
    '1',
    '--analysis-id=1',
    '--config-location',
    'runs',
  )
  t.match(launched, { code: 0, stdout: /\nas it was\n/ })
  rmSync(join(butler.folder, 'workflows'), { recursive: true })
  t.match(await butler.run('retry-run', '-r', '1'), { code: 0, stdout: /started \(r\.yaml, attempt 2\)[^]*as it was/ })
})

t.test('JSON goes to stdout alone', async (t) => {
  const butler = withExamples(t)
  t.match(await butler.json(...ROAD.workflow), { schema: 'butler.tracker/1', ok: true, workflow_id: 1, created: true })
  t.match(await butler.json(...ROAD.workflow), { workflow_id: 1, created: false })
  t.match(await butler.json(...ROAD.analysis), { analysis_id: 1 })
  t.match(await butler.json(...ROAD.launch), {
    ok: true,
    runs: [{ analysis_run_id: 1, run_status: 'completed', source: 'test_run.json' }],
  })
  t.match(await butler.json('list-runs', '-a', '1', '-w', '1', '-s', 'completed'), { runs: [{ analysis_run_id: 1 }] })
  t.match(await butler.json('list-runs', '-s', 'error'), { runs: [] })
  t.match(await butler.json('run-log', '-r', '1'), {
    run_status: 'completed',
    events: [{ event: { type: 'run-started' } }],
  })
  t.match(await butler.json('show-run', '-r', '7'), { ok: false, errors: [{ code: 'unknown-run' }] })
})

t.test(
  'the test run: again and again; one that does not end in time is cancelled, and one that fails is told',
  async (t) => {
    const butler = withExamples(t)
    for (const id of [1, 2]) {
      const { code, stdout, stderr } = await butler.run('test-run', '--examples', 'examples')
      t.equal(code, 0, stderr)
      t.match(stdout, `Hello, world! - set by Analysis Run.`)
      t.match(await butler.json('show-run', '-r', String(id)), { run: { run_status: 'completed', analysis_id: 1 } })
    }
    t.match(await butler.json('list-analyses'), { analyses: [{ analysis_name: 'test run' }] })

    const late = await butler.run('test-run', '--examples', 'examples', '--timeout', '1ms')
    t.equal(late.code, 1)
    t.match(late.stderr, 'Run 3 had not ended in time, and was cancelled. What it did: butler run-log -r 3')
    t.match(await butler.json('show-run', '-r', '3'), { run: { run_status: 'error', error: { kind: 'cancelled' } } })

    const { code, stderr } = await butler.run('test-run', '--examples', 'elsewhere')
    t.equal(code, 2)
    t.match(stderr, 'elsewhere/workflow/test-workflow/test-workflow-config.json')
  },
)

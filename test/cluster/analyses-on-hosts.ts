import type { Test } from 'tap'
import { z } from 'zod'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { ask } from './airflow-api.ts'

const WORKERS = ['worker-1', 'worker-2'] as const

const EXAMPLES = '/opt/butler/examples'
const HELLO = 'Hello, world! - set by Analysis Run.'

const FAILING = {
  'workflow.yaml': {
    name: 'failing',
    version: '1.0',
    tasks: {
      look: { command: ['cat', '{{config.sample}}'] },
      after: { command: ['true'], needs: ['look'] },
    },
  },
  'config.json': { sample: '/no/such/sample' },
}

const ITEMS = {
  'workflow.yaml': {
    name: 'items',
    version: '1.0',
    tasks: {
      each: { command: ['sh', '-c', 'echo "item $0 on $(hostname)"', '{{item}}'], for_each: 'config.samples' },
      gather: { command: ['echo', 'gathered'], needs: ['each'] },
    },
  },
  'config.json': { samples: ['a', 'b', 'c', 'd'] },
}

const launched = z.object({
  ok: z.boolean(),
  runs: z.array(z.object({ analysis_run_id: z.number(), run_status: z.string(), error: z.unknown() })),
})
const listed = z.object({ runs: z.array(z.object({ analysis_run_id: z.number() })) })
const dagRuns = z.object({ dag_runs: z.array(z.object({ dag_run_id: z.string(), state: z.string() })) })
const log = z.object({ content: z.array(z.object({ event: z.string() })) })

/** Analyses through the tracker, Airflow, the job queue and the workers. */
export async function analysesOnHosts(t: Test, lab: Lab): Promise<void> {
  const tracker = lab.host('tracker')
  const json = async (...words: string[]): Promise<unknown> => {
    const { stdout, stderr } = await tracker.run(['butler', ...words, '--json'])
    return stdout === '' ? stderr : JSON.parse(stdout)
  }
  /** Writes files to a folder on the tracker's host. */
  const put = async (folder: string, files: Readonly<Record<string, object>>): Promise<void> => {
    await tracker.sh(`mkdir -p ${folder}`)
    for (const [name, content] of Object.entries(files)) await tracker.put(`${folder}/${name}`, JSON.stringify(content))
  }
  /** The run that was made last. */
  const lastRun = async (): Promise<string> => {
    const { runs } = listed.parse(await json('list-runs'))
    return `${runs.at(-1)?.analysis_run_id}`
  }
  const launch = async (workflow: number, folder: string) =>
    launched.parse(await json('launch-workflow', '-w', `${workflow}`, '-a', '1', '-c', folder))

  await t.test('three commands, and the analysis run has the last word, in Airflow too', async (t) => {
    const config = `${EXAMPLES}/workflow/test-workflow/test-workflow-config.json`
    await tracker.sh(`butler create-workflow -n test -v 1.0 -c ${config}`)
    await tracker.sh(`butler create-analysis -n test -d 01-01-2017 -c ${EXAMPLES}/analyses/test-analysis/analysis.json`)
    const said = await tracker.sh(`butler launch-workflow -w 1 -a 1 -c ${EXAMPLES}/analyses/test-analysis/run-config/`)
    t.match(said, new RegExp(`run 1, test: started on worker-\\d\\n${HELLO}`, 'u'))
    t.match(await json('show-run', '-r', '1'), { run: { run_status: 'completed' } })
    t.match(await tracker.must(['butler', 'run-log', '-r', '1']), HELLO)
    t.match(await tracker.must(['butler', 'list-analyses']), /\btest\b/u)
    const found = await ask(tracker, 'dags/test-1.0-1/dagRuns?run_id_prefix_pattern=butler-run-1-1-')
    const [first] = dagRuns.parse(JSON.parse(found)).dag_runs
    t.equal(first?.state, 'success')
    const run = `dags/test-1.0-1/dagRuns/${first?.dag_run_id}`
    const lines = log.parse(JSON.parse(await ask(tracker, `${run}/taskInstances/test/logs/1?full_content=true`)))
    t.ok(lines.content.some(({ event }) => event === HELLO))
  })

  await t.test('twenty runs at once', async (t) => {
    const runs = Array.from({ length: 20 }, (_, n): [string, object] => [`${n}.json`, { test_message: `number ${n}` }])
    await put('/srv/twenty', Object.fromEntries(runs))
    const answer = await launch(1, '/srv/twenty')
    t.equal(answer.ok, true)
    t.strictSame(
      answer.runs.filter(({ run_status: status }) => status !== 'completed'),
      [],
    )
    t.equal(answer.runs.length, 20)
  })

  await t.test('a task that fails: the run ends with its reason', async (t) => {
    await put('/srv/failing', FAILING)
    await put('/srv/failing-runs', { 'r.json': {} })
    t.match(await json('create-workflow', '-n', 'failing', '-v', '1.0', '-c', '/srv/failing/config.json'), {
      workflow_id: 2,
    })
    t.match(await launch(2, '/srv/failing-runs'), {
      ok: false,
      runs: [
        {
          run_status: 'error',
          error: {
            kind: 'task-failed',
            exit_code: 1,
            cause: /^Task 'look' failed on worker-\d: it ended with exit code 1\. It said at its end: .*No such file/u,
          },
        },
      ],
    })
  })

  await t.test('a task for each item, and one after all of them', async (t) => {
    await put('/srv/items', ITEMS)
    await put('/srv/items-runs', { 'r.json': {} })
    await json('create-workflow', '-n', 'items', '-v', '1.0', '-c', '/srv/items/config.json')
    const { runs } = await launch(3, '/srv/items-runs')
    t.match(runs, [{ run_status: 'completed' }])
    const said = await tracker.must(['butler', 'run-log', '-r', `${runs[0]?.analysis_run_id}`])
    for (const item of ['a', 'b', 'c', 'd']) t.match(said, new RegExp(`item ${item} on worker-\\d`, 'u'))
    t.match(said, /gathered\n/u)
  })

  await t.test('a killed worker: the run ends in error, and says where it was', async (t) => {
    await put('/srv/slow', {
      'workflow.yaml': {
        name: 'slow',
        version: '1.0',
        tasks: { wait: { command: ['sh', '-c', 'echo here; exec sleep 1000'] } },
      },
      'config.json': {},
    })
    await put('/srv/slow-runs', { 'r.json': {} })
    await json('create-workflow', '-n', 'slow', '-v', '1.0', '-c', '/srv/slow/config.json')
    const launching = launch(4, '/srv/slow-runs')
    const worker = await until('the task to run', async () => {
      const found = await Promise.all(
        WORKERS.map(async (name) => (await lab.host(name).run(['pgrep', '-f', '^sleep 1000'])).exitCode === 0),
      )
      // Not before it has told what it wrote.
      const said = await tracker.must(['butler', 'run-log', '-r', await lastRun()])
      return said.includes('here') && (WORKERS.find((_, number) => found[number]) ?? false)
    })
    // The bracket keeps it from finding itself.
    await lab.host(worker).must(['pkill', '-9', '-f', 'task ru[n]'])
    t.match(await launching, {
      runs: [{ run_status: 'error', error: { cause: `Task 'wait' was killed on ${worker}` } }],
    })
    await lab.host(worker).must(['pkill', '-f', '^sleep 1000'])
  })
}

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { createAnalysis, createWorkflow } from '../../../tracker/api/create.ts'
import { cancelRun } from '../../../tracker/api/cancel.ts'
import { launch } from '../../../tracker/api/launch.ts'
import { interruptedRuns, retryRuns } from '../../../tracker/api/retry.ts'
import { endStopped } from '../../../tracker/api/sweep.ts'
import type { Tracker } from '../../../tracker/api/tracker.ts'
import { updateConfiguration } from '../../../tracker/api/update.ts'
import { RUN_STATUSES, type RunStatus, isLegal } from '../../../tracker/model/status.ts'
import { listAnalyses } from '../../../tracker/store/analyses.ts'
import { addAttempt, listAttempts } from '../../../tracker/store/attempts.ts'
import { ensureConfiguration, findConfiguration } from '../../../tracker/store/configurations.ts'
import { renewLease } from '../../../tracker/store/engines.ts'
import { countRuns, getRun, listRuns } from '../../../tracker/store/runs.ts'
import { setCompleted, setError, setInProgress, setReady, setScheduled } from '../../../tracker/store/transitions.ts'
import { getWorkflow, listWorkflows } from '../../../tracker/store/workflows.ts'
import { onBothDatabases } from '../databases.ts'
import { temporaryFolder, writeFiles } from '../folder.ts'

// Real programs, one after the other, on a machine that may be busy.
t.setTimeout(300_000)

const NOW = '2026-01-02T03:04:05.678Z'

const FILES = {
  'flow/workflow.yaml': "name: flow\nversion: '1'\ntasks: {say: {command: [echo, '{{config.message}}']}}\n",
  'flow/config.json': { message: 'workflow', deep: { a: 1, b: 1 } },
  'analysis.json': { message: 'analysis', deep: { b: 2 } },
  'runs/b.json': {},
  'runs/a.json': { message: 'run' },
}

interface Made {
  tracker: Tracker
  folder: string
  workflowId: number
  analysisId: number
}

async function make(tracker: Tracker, folder: string): Promise<Made> {
  const workflow = await createWorkflow(tracker, {
    name: 'flow',
    version: '1',
    configFile: join(folder, 'flow/config.json'),
    idFromFilename: false,
  })
  const analysis = await createAnalysis(tracker, {
    name: 'study',
    startDate: '2017-01-01',
    configFile: join(folder, 'analysis.json'),
    idFromFilename: false,
  })
  return { tracker, folder, workflowId: workflow.id, analysisId: analysis.id }
}

function launchOf({ folder, workflowId, analysisId }: Made, idFromFilename = false) {
  return { workflowId, analysisId, folder: join(folder, 'runs'), idFromFilename }
}

t.test('store', async (t) => {
  await onBothDatabases(t, 'several programs may be the first at once', async (t, database) => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => database.open()))
    for (const { queries } of databases) t.strictSame(await listWorkflows(queries), [])
    const { rows } = await sql`select version from butler_schema`.execute((await database.open()).queries)
    t.equal(rows.length, 1)
  })

  await onBothDatabases(t, 'a database of a newer Butler is left alone', async (t, database) => {
    const { queries } = await database.open()
    await sql`update butler_schema set version = 999`.execute(queries)
    await t.rejects(database.open(), { code: 'database-too-new', message: /schema 999/ })
  })

  await onBothDatabases(
    t,
    'creating the same again gives the same id, something else is an error',
    async (t, database) => {
      const one = await database.tracker()
      const folder = temporaryFolder(t, FILES)
      const made = await make(one, folder)
      t.strictSame([made.workflowId, made.analysisId], [1, 1])
      const again = await make(one, folder)
      t.strictSame([again.workflowId, again.analysisId], [1, 1])

      writeFiles(folder, { 'flow/config.json': { message: 'changed' } })
      await t.rejects(make(one, folder), { code: 'workflow-exists', hint: /butler update-config -w 1 -c/ })
      writeFiles(folder, { ...FILES, 'analysis.json': { message: 'changed' } })
      await t.rejects(make(one, folder), { code: 'analysis-exists', hint: /butler update-config -a 1 -c/ })
      writeFiles(folder, { ...FILES, 'flow/helper.sh': 'echo' })
      await t.rejects(make(one, folder), { code: 'workflow-exists', hint: /new version/ })
      writeFiles(folder, FILES)
      const other = {
        name: 'study',
        startDate: '2018-01-01',
        configFile: join(folder, 'analysis.json'),
        idFromFilename: false,
      }
      await t.rejects(createAnalysis(one, other), { code: 'analysis-exists', message: /2017-01-01/ })
      t.equal((await listWorkflows(one.database.queries)).length, 1)
      t.match(await listAnalyses(one.database.queries), [{ id: 1, name: 'study', startDate: '2017-01-01' }])
      const { rows } = await sql<{ n: number }>`select count(*) as n from configuration`.execute(one.database.queries)
      t.equal(rows[0]?.n, 2, 'nothing is left of the attempts')
    },
  )

  await onBothDatabases(t, 'several programs that create the same get one id', async (t, database) => {
    const folder = temporaryFolder(t, FILES)
    const trackers = await Promise.all(Array.from({ length: 5 }, () => database.tracker()))
    const made = await Promise.all(trackers.map((tracker) => make(tracker, folder)))
    t.equal(new Set(made.map(({ workflowId }) => workflowId)).size, 1)
    t.equal(new Set(made.map(({ analysisId }) => analysisId)).size, 1)
  })

  await onBothDatabases(
    t,
    'a launch makes a run of each file, with what it was launched with for ever',
    async (t, database) => {
      const made = await make(await database.tracker(), temporaryFolder(t, FILES))
      const { queries } = made.tracker.database
      const launched = await launch(made.tracker, launchOf(made))
      t.strictSame(launched.runIds, [1, 2])
      const [a, b] = [await getRun(queries, 1), await getRun(queries, 2)]
      t.match(a, { source: 'a.json', status: 'scheduled', attempt: 1, engineId: launched.engineId, started: null })
      t.strictSame(a.effective, { message: 'run', deep: { a: 1, b: 2 } })
      t.strictSame(b.effective, { message: 'analysis', deep: { a: 1, b: 2 } })

      writeFiles(made.folder, { 'new.json': { message: 'new' } })
      const update = { configFile: join(made.folder, 'new.json'), idFromFilename: false }
      const before = (await getWorkflow(queries, 1)).configId
      const after = await updateConfiguration(made.tracker, { of: 'workflow', id: 1, ...update })
      t.not(after, before)
      t.ok(await findConfiguration(queries, before), 'the old one is kept')
      await updateConfiguration(made.tracker, { of: 'analysis', id: 1, ...update })
      t.strictSame((await getRun(queries, 1)).effective, { message: 'run', deep: { a: 1, b: 2 } })
      await launch(made.tracker, launchOf(made))
      t.strictSame((await getRun(queries, 4)).effective, { message: 'new' })
      await t.rejects(updateConfiguration(made.tracker, { of: 'analysis', id: 9, ...update }), {
        code: 'unknown-analysis',
      })
    },
  )

  await onBothDatabases(t, 'a launch is all or nothing', async (t, database) => {
    const made = await make(await database.tracker(), temporaryFolder(t, FILES))
    const { queries } = made.tracker.database
    writeFiles(made.folder, { 'runs/c.json': '{"a": }', 'runs/d/e.yaml': 'a: [\n', 'runs/list.json': [1] })
    const thrown = await launch(made.tracker, launchOf(made)).catch((error: unknown) => error)
    t.match(thrown, {
      errors: [{ at: { file: /c\.json/ } }, { at: { file: /e\.yaml/ } }, { at: { file: /list\.json/ } }],
    })
    t.strictSame(await listRuns(queries, {}), [])

    const missing = await make(made.tracker, temporaryFolder(t, FILES))
    await t.rejects(launch(missing.tracker, { ...launchOf(missing), workflowId: 5 }), { code: 'unknown-workflow' })
    await t.rejects(launch(missing.tracker, { ...launchOf(missing), analysisId: 5 }), { code: 'unknown-analysis' })
    await t.rejects(
      launch(missing.tracker, { ...launchOf(missing), folder: join(missing.folder, 'flow/workflow.yaml') }),
      { code: 'not-a-folder' },
    )
    await t.rejects(launch(missing.tracker, { ...launchOf(missing), folder: '/nowhere' }), { code: 'no-such-folder' })
    await t.rejects(
      launch(missing.tracker, {
        ...launchOf(missing),
        folder: temporaryFolder(t, { '.hidden.json': {}, 'x.txt': '' }),
      }),
      { code: 'no-runs' },
    )
    t.strictSame(await listRuns(queries, {}), [])
  })

  await onBothDatabases(t, 'a value that a command lacks is told before anything is launched', async (t, database) => {
    const folder = temporaryFolder(t, { ...FILES, 'flow/config.json': {}, 'analysis.json': {} })
    const made = await make(await database.tracker(), folder)
    const thrown = await launch(made.tracker, launchOf(made)).catch((error: unknown) => error)
    t.match(thrown, {
      errors: [{ code: 'undefined-value', message: /b\.json: 'config\.message' has no value/, at: { line: 3 } }],
    })
    t.strictSame(await listRuns(made.tracker.database.queries, {}), [])
  })

  await onBothDatabases(
    t,
    'ids from file names: launched once, even by two at the same moment',
    async (t, database) => {
      const [one, two] = [randomUUID(), randomUUID()]
      const folder = temporaryFolder(t, {
        ...FILES,
        [`named/${one}.json`]: { n: 1 },
        [`named/sub/${two}.json`]: { n: 2 },
      })
      const made = await make(await database.tracker(), folder)
      const second = { ...(await database.tracker()), config: made.tracker.config }
      const request = { ...launchOf(made, true), folder: join(folder, 'named') }
      const launches = await Promise.all([launch(made.tracker, request), launch(second, request)])
      t.strictSame(
        launches.map(({ runIds }) => runIds.length).sort((left, right) => left - right),
        [0, 2],
      )
      t.strictSame(
        (await listRuns(made.tracker.database.queries, {})).map((run) => run.configId).sort(),
        [one, two].sort(),
      )
      writeFiles(folder, { [`named/${one}.json`]: { n: 3 } })
      await t.rejects(launch(made.tracker, request), { code: 'configuration-exists', hint: new RegExp(one) })
      writeFiles(folder, { [`named/${one}.json`]: { n: 1 }, [`named/sub/${one}.json`]: {} })
      await t.rejects(launch(made.tracker, request), { errors: [{ code: 'double-id' }] })
      await t.rejects(launch(made.tracker, launchOf(made, true)), { errors: [{ code: 'bad-id' }, { code: 'bad-id' }] })
    },
  )

  await onBothDatabases(t, 'one configuration under an id, whoever comes first', async (t, database) => {
    const { queries } = await database.open()
    const id = randomUUID()
    await ensureConfiguration(queries, id, { a: 1, b: [1] }, NOW)
    await ensureConfiguration(queries, id, { b: [1], a: 1 }, NOW)
    await t.rejects(ensureConfiguration(queries, id, { a: 2 }, NOW), { code: 'configuration-exists' })
  })

  await onBothDatabases(t, 'every legal transition, and no other', async (t, database) => {
    const made = await make(await database.tracker(), temporaryFolder(t, FILES))
    const { queries } = made.tracker.database
    const { engineId } = await launch(made.tracker, launchOf(made))
    const move: Record<RunStatus, () => Promise<void>> = {
      ready: () => setReady(queries, 1, NOW),
      scheduled: () => setScheduled(queries, [1], engineId, NOW),
      'in-progress': () => setInProgress(queries, 1, NOW),
      completed: () => setCompleted(queries, 1, NOW),
      error: () => setError(queries, 1, { kind: 'task-failed', cause: 'it broke', exitCode: 3 }, NOW),
    }
    for (const from of RUN_STATUSES) {
      for (const to of RUN_STATUSES) {
        await sql`update analysis_run set run_status = ${sql.lit(RUN_STATUSES.indexOf(from))} where analysis_run_id = 1`.execute(
          queries,
        )
        if (isLegal(from, to)) await move[to]()
        else
          await t.rejects(move[to](), {
            code: 'illegal-transition',
            message: new RegExp(`is ${from}; it can't become ${to}`),
          })
        t.equal((await getRun(queries, 1)).status, isLegal(from, to) ? to : from, `${from} to ${to}`)
      }
    }
    t.match(await getRun(queries, 1), { error: { kind: 'task-failed', cause: 'it broke', exitCode: 3 }, ended: NOW })
    await t.rejects(setReady(queries, 99, NOW), { code: 'unknown-run' })
  })

  await onBothDatabases(t, 'of many that want to start a run one does', async (t, database) => {
    const made = await make(await database.tracker(), temporaryFolder(t, FILES))
    await launch(made.tracker, launchOf(made))
    const others = await Promise.all(Array.from({ length: 5 }, () => database.open()))
    const tries = await Promise.allSettled(others.map(({ queries }) => setInProgress(queries, 1, NOW)))
    t.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  await onBothDatabases(t, 'an engine changes only what is its own', async (t, database) => {
    const made = await make(await database.tracker(), temporaryFolder(t, FILES))
    const { queries } = made.tracker.database
    const { engineId } = await launch(made.tracker, launchOf(made))
    const illegal = { code: 'illegal-transition' }
    await t.rejects(setInProgress(queries, 1, NOW, { engineId: randomUUID(), attempt: 1 }), illegal)
    await t.rejects(setInProgress(queries, 1, NOW, { engineId, attempt: 2 }), illegal)
    await setInProgress(queries, 1, NOW, { engineId, attempt: 1 })
    await setCompleted(queries, 1, NOW, { engineId, attempt: 1 })
    await t.rejects(
      setError(queries, 1, { kind: 'task-failed', cause: 'late' }, NOW, { engineId, attempt: 1 }),
      illegal,
    )
    t.equal((await getRun(queries, 1)).status, 'completed')
  })

  await onBothDatabases(t, 'a run whose engine is silent ends in error, and can be resumed', async (t, database) => {
    const made = await make(await database.tracker(), temporaryFolder(t, FILES))
    const { queries } = made.tracker.database
    const { engineId } = await launch(made.tracker, launchOf(made))
    await setInProgress(queries, 1, NOW)
    await addAttempt(queries, { runId: 1, runAttempt: 1, task: 'say', attempt: 1 }, NOW)
    await renewLease(queries, engineId, (await made.tracker.database.clock()).toISOString())
    await endStopped(made.tracker)
    t.equal((await getRun(queries, 1)).status, 'in-progress', 'a living one is left alone')

    await renewLease(queries, engineId, NOW)
    t.match(await interruptedRuns(made.tracker, {}), [
      {
        id: 1,
        status: 'error',
        error: { kind: 'engine-stopped', cause: new RegExp(`stopped: it was last heard of at ${NOW}`) },
      },
      { id: 2, status: 'error', error: { kind: 'engine-stopped' } },
    ])
    t.match(await listAttempts(queries, 1), [{ state: 'error', cause: 'The engine stopped.' }])
    t.match(await countRuns(queries, 1), { error: 2, completed: 0 })

    const retried = await retryRuns(made.tracker, [1, 2])
    t.not(retried.engineId, engineId)
    t.match(await getRun(queries, 1), { status: 'scheduled', attempt: 2, error: null, started: null, ended: null })
    await t.rejects(retryRuns(made.tracker, [1]), { code: 'illegal-transition', message: /has not ended yet/ })
    t.strictSame(await interruptedRuns(made.tracker, {}), [])
  })

  await onBothDatabases(t, 'cancelling a run that waits, and one that has ended', async (t, database) => {
    const made = await make(await database.tracker(), temporaryFolder(t, FILES))
    await launch(made.tracker, launchOf(made))
    const { signal } = new AbortController()
    const run = await cancelRun(made.tracker, 1, 'somebody', signal)
    t.match(run, { status: 'error', error: { kind: 'cancelled', cause: 'It was cancelled by somebody.' } })
    await t.rejects(cancelRun(made.tracker, 1, 'somebody', signal), { code: 'not-running' })
  })

  await onBothDatabases(t, 'a launch of more runs than one statement takes', async (t, database) => {
    const files = Object.fromEntries(
      Array.from({ length: 1201 }, (_, n) => [`many/${String(n).padStart(4, '0')}.json`, { message: `m${n}` }]),
    )
    const folder = temporaryFolder(t, { ...FILES, ...files })
    const made = await make(await database.tracker(), folder)
    const { runIds } = await launch(made.tracker, { ...launchOf(made), folder: join(folder, 'many') })
    t.equal(runIds.length, 1201)
    const run = await getRun(made.tracker.database.queries, runIds[777] ?? 0)
    t.match(run, { source: '0777.json', status: 'scheduled', effective: { message: 'm777' } })
  })
})

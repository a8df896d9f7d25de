import { join } from 'node:path'
import t from 'tap'
import { Butler } from './butler.ts'

// Real programs, one after the other, on a machine that may be busy.
t.setTimeout(300_000)

const FLOW = "name: flow\nversion: '1'\ntasks: {say: {command: [echo, '{{config.message}}']}}\n"
const FILES = { 'flow/workflow.yaml': FLOW, 'flow/c.json': { message: 'm' }, 'a.json': {}, 'runs/r.json': {} }

t.test('without tracker.yaml it says where it looked and what to do', async (t) => {
  const butler = new Butler(t)
  const ended = await butler.run('--config', join(butler.folder, 'nowhere'), 'list-workflows')
  t.equal(ended.code, 2)
  t.match(ended.stderr, `The tracker is not set up here: there is no ${join(butler.folder, 'nowhere/tracker.yaml')}.`)
  t.match(ended.stderr, /Deploying the role 'tracker' writes it/)
})

t.test('tracker.yaml is read strictly', async (t) => {
  for (const [settings, expected] of [
    [{ databse: 'x.db' }, /'databse' is not known here\.[^]*Did you mean 'database'\?/],
    [{ concurrency: 0 }, /'concurrency'/],
    [{ engine: 'airflaw' }, /'engine'/],
    [{ lease: 'soon' }, /'soon' is no duration/],
    [{ database: 'mysql://x@y/z' }, /'mysql:\/\/x@y\/z' is neither a path nor a PostgreSQL URL/],
    [{ database: 'postgresql://me:secret@host/db' }, /holds a password[^]*password_file/],
    [{ database: 'postgresql://host/db' }, /names no user/],
    [
      { database: 'postgresql://me@127.0.0.1:1/db' },
      /PostgreSQL at 127\.0\.0\.1:1, database 'db', user 'me': nothing answers there/,
    ],
    [{ database: 'postgresql://me@db.invalid/db' }, /the name db\.invalid can't be resolved/],
    [
      { database: 'postgresql://me@127.0.0.1:1/db', password_file: 'none' },
      /The file .*etc\/butler\/none can't be read: ENOENT/,
    ],
    [{ database: 'tracker.yaml' }, /tracker\.yaml can't be used: the file is no SQLite database/],
    [{ database: '/dev/null/x.db' }, /The folder \/dev\/null of 'database' is not there/],
    [{ workdir: 'nowhere' }, /The folder .*nowhere of 'workdir' is not there/],
  ] as const) {
    const butler = new Butler(t, {}, settings)
    const ended = await butler.run('list-workflows')
    t.equal(ended.code, 2, JSON.stringify(settings))
    t.match(ended.stderr, expected)
    t.notMatch(ended.stderr, 'secret')
  }
})

t.test('what a person may get wrong is told with a way out, and nothing is touched', async (t) => {
  const butler = new Butler(t, FILES)
  const create = ['create-workflow', '-n', 'flow', '-v', '1', '-c']
  t.equal((await butler.run(...create, 'flow/c.json')).code, 0)
  t.equal((await butler.run('create-analysis', '-n', 'a', '-c', 'a.json')).code, 0)
  const cases: readonly [words: string[], expected: RegExp][] = [
    [['create-workflw'], /'create-workflw' is no command of butler\. Did you mean 'create-workflow'\?/],
    [['create-workflow', '-n', 'x'], /required option '-v, --workflow_version/],
    [[...create, 'nowhere.json'], /There is no file nowhere\.json/],
    [[...create, 'flow'], /flow is a folder; this must be a file/],
    [
      ['create-workflow', '-n', 'flow', '-v', '2', '-c', 'flow/c.json'],
      /The workflow is 'flow', version '1', not 'flow', version '2'\.[^]*at flow\/workflow\.yaml:2/,
    ],
    [['create-workflow', '-n', 'flwo', '-v', '1', '-c', 'a.json'], /There is no workflow 'flwo'/],
    [[...create, 'flow/c.json', '-f'], /'c' is no id of a configuration/],
    [['create-analysis', '-n', 'b', '-d', '31-12-2017', '-c', 'a.json'], /there is no month 31/],
    [['launch-workflow', '-w', '2', '-a', '1', '-c', 'runs'], /There is no workflow 2\./],
    [['launch-workflow', '-w', '1', '-a', '2', '-c', 'runs'], /There is no analysis 2\./],
    [['launch-workflow', '-w', 'one', '-a', '1', '-c', 'runs'], /'one' is no id of a workflow/],
    [['launch-workflow', '-w', '1', '-a', '1', '-c', 'a.json'], /a\.json is a file; -c takes the folder/],
    [['launch-workflow', '-w', '1', '-a', '1', '-c', 'nowhere'], /There is no folder nowhere/],
    [['update-config', '-c', 'a.json'], /Give either --workflow_id or --analysis_id/],
    [['update-config', '-w', '1', '-a', '1', '-c', 'a.json'], /Give either --workflow_id or --analysis_id/],
    [['update-config', '-w', '9', '-c', 'a.json'], /There is no workflow 9/],
    [['get-run-count', '-a', '9'], /There is no analysis 9/],
    [['get-run-count', '-a', '1', '-s', 'done'], /Allowed choices are ready, scheduled, in-progress, completed, error/],
    [['print-effective-config', '-r', '4'], /There is no analysis run 4/],
    [['print-config', '-c', 'x'], /'x' is no id of a configuration/],
    [['show-run', '-r', '0'], /'0' is no id of an analysis run/],
    [['run-log', '-r', '4'], /There is no analysis run 4/],
    [['retry-run', '-r', '4'], /There is no analysis run 4/],
    [['cancel-run', '-r', '4'], /There is no analysis run 4/],
  ]
  for (const [words, expected] of cases) {
    const ended = await butler.run(...words)
    t.match(ended, { code: 2, stdout: '', stderr: expected }, words.join(' '))
  }
  butler.write({ 'runs/bad.json': '{"a": 1,\n  b: 2}', 'runs/deep/worse.yaml': 'a: 1\na: 2\n' })
  const launched = await butler.run('launch-workflow', '-w', '1', '-a', '1', '-c', 'runs')
  t.equal(launched.code, 2)
  t.match(launched.stderr, /at runs\/bad\.json:2:3/)
  t.match(launched.stderr, /at runs\/deep\/worse\.yaml:2/)
  t.match(await butler.json('list-runs'), { runs: [] })
})

t.test('nothing interrupted is no error', async (t) => {
  const butler = new Butler(t)
  t.match(await butler.run('resume'), { code: 0, stdout: 'No run was interrupted.\n' })
})

t.test('help and version load no database', async (t) => {
  const butler = new Butler(t)
  t.match(await butler.run('--version'), { code: 0, stdout: /^\d+\.\d+\.\d+\n$/ })
  t.match(await butler.run('launch-workflow', '--help'), {
    code: 0,
    stdout: /--workflow_id[^]*Examples:\n {2}\$ butler launch-workflow/,
  })
})

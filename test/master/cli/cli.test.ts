import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import type { RunReport } from '../../../core/run/result.ts'
import { Town } from '../../road/town.ts'
import { until } from '../until.ts'

const FILES = {
  'roles/mapping.yaml': "'*': [all]\n",
  'roles/all.yaml': 'states: [mark]\npillar: { test: { text: from the pillar } }\n',
  'states/mark.yaml': '{{grains.home}}/mark:\n  file.managed:\n    - contents: \'{{default pillar.text "plain"}}\'\n',
  'states/fails.yaml': '{{grains.home}}/mark/below:\n  file.managed:\n    - contents: x\n',
  'states/only-m1.yaml': "only:\n  test.configurable_test_state:\n    - comment: '{{grains.only}}'\n",
  'states/waits.yaml':
    'waits:\n  cmd.run:\n    - name: touch {{grains.home}}/begun; until test -e {{grains.home}}/go; do sleep 0.02; done\n',
}

t.test('the operator’s commands', async (t) => {
  const town = new Town(t, FILES)
  await town.startMaster()
  await town.join('m1', { grains: { only: 'here' } })
  await town.join('m2')

  await t.test('run: answers by minion, Salt’s words, arguments from the pillar', async (t) => {
    const ping = await town.master('run', '*', 'test.ping')
    t.equal(ping.stdout, 'm1:\n    True\nm2:\n    True\n')
    t.equal(ping.code, 0)
    const echo = await town.master('run', '-L', 'm1', 'test.echo', '--json')
    t.match(echo.json(), { ok: true, targets: { m1: { outcome: 'succeeded', return: 'from the pillar' } } })
    const typed = await town.master('run', 'm1', 'test.echo', 'text=typed', '--json')
    t.match(typed.json(), { targets: { m1: { return: 'typed' } } })
    t.match(await town.master('run', 'm1', 'state.apply', 'mark', 'test=True', '--json').then((ran) => ran.json()), {
      test: true,
      targets: { m1: { summary: { would_change: 1 } } },
    })
    const failed = await town.master('run', 'm1', 'grains.item', 'text=1')
    t.equal(failed.code, 2)
    const unknown = await town.master('run', 'm1', 'test.pong')
    t.equal(unknown.code, 2)
    t.match(unknown.stderr, /no function 'test\.pong'\.\n {2}Did you mean 'test\.ping'\?/u)
  })

  await t.test('apply and plan: exit codes say what came of it', async (t) => {
    t.equal((await town.master('plan', '*')).code, 0)
    t.equal((await town.master('plan', '*', '--exit-code')).code, 3)
    t.notOk(existsSync(join(town.home('m1'), 'mark')))
    const done = await town.master('highstate', '*')
    t.equal(done.code, 0)
    t.match(done.stdout, /Summary for m1[\s\S]*Summary for m2/u)
    t.match(done.stderr, /^m1 {2}changed {2}file\.managed/mu, 'told as it happens')
    t.equal((await town.master('plan', '*', '--exit-code')).code, 0)
    const given = await town.master('plan', 'm1', '--pillar', '{"text": "given"}', '--exit-code')
    t.equal(given.code, 3)
    const failed = await town.master('apply', 'm1', 'fails')
    t.equal(failed.code, 1)
    t.match(failed.stderr, /^m1 {2}failed: file\.managed/mu)
  })

  await t.test('one that does not compile holds back all, unless told otherwise', async (t) => {
    const refused = await town.master('apply', '*', 'only-m1', '--json')
    t.equal(refused.code, 2)
    t.match(refused.json(), { ok: false, errors: [{ message: /\[m2\]$/u, at: { file: 'site/states/only-m1.yaml' } }] })
    const going = await town.master('apply', '*', 'only-m1', '--keep-going', '--json')
    t.equal(going.code, 0)
    t.same(Object.keys((going.json() as RunReport).targets), ['m1'])
    t.match(going.stderr, /^m2: left out/mu)
  })

  await t.test('Ctrl-C leaves the job alone and says how to come back', async (t) => {
    const program = resolve('bin/butler-master.js')
    const child = spawn(process.execPath, [program, '--root', town.masterRoot, 'apply', 'm1', 'waits'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const told: string[] = []
    child.stderr.on('data', (piece: Buffer) => told.push(piece.toString()))
    const ended = new Promise<number | null>((end) => child.once('exit', end))
    await until('the job to begin', () => existsSync(join(town.home('m1'), 'begun')))
    child.kill('SIGINT')
    t.equal(await ended, 1)
    const jid = /butler-master jobs watch (\d{20})/u.exec(told.join(''))?.[1] ?? ''
    writeFileSync(join(town.home('m1'), 'go'), '')
    const watched = await town.master('jobs', 'watch', jid, '--json')
    t.equal(watched.code, 0)
    t.match(watched.json(), { targets: { m1: { outcome: 'succeeded' } } })
  })

  await t.test('secrets are set from standard input and never shown', async (t) => {
    const program = resolve('bin/butler-master.js')
    const child = spawn(process.execPath, [program, '--root', town.masterRoot, 'secrets', 'set', 'a/b'])
    child.stdin.end('hunter2\n')
    t.equal(await new Promise((end) => child.once('exit', end)), 0)
    const echo = await town.master('run', 'm1', 'test.echo', 'text=secret:a/b')
    t.equal(echo.code, 0)
    t.notMatch(echo.stdout, /hunter2/u)
    const all = await town.master('secrets')
    t.match(all.stdout, /a\/b .*operator/u)
    t.notMatch(all.stdout + town.log('master'), /hunter2/u)
    t.equal((await town.master('secrets', 'delete', 'a/b')).code, 0)
  })

  await t.test('lists and looks', async (t) => {
    t.match((await town.master('minions', '--json')).json(), [{ id: 'm1', connected: true }, { id: 'm2' }])
    t.same((await town.master('match', '-G', 'only:h*', '--json')).json(), ['m1'])
    t.match((await town.master('keys')).stdout, /^m1 +accepted +[0-9a-f]{64}/mu)
    t.match((await town.master('show', 'top', 'm1', '--json')).json(), { roles: ['all'], states: ['mark'] })
    t.match(await town.master('show', 'template', 'm1', 'mark'), { code: 0, stdout: /file\.managed/u })
    t.match(await town.master('show', 'template', 'm1', 'mrak'), { code: 2, stderr: "Did you mean 'mark'?" })
    t.match((await town.master('show', 'lowstate', 'm1')).stdout, /file\.managed .*site\/states\/mark\.yaml:2:3/u)
    t.equal((await town.master('check')).code, 0)
    const wrong = await town.master('jbos')
    t.equal(wrong.code, 2)
    t.match(wrong.stderr, /Did you mean 'jobs'\?/u)
    const group = await town.master('show', 'topp', 'm1')
    t.equal(group.code, 2)
    const nobody = await town.master('highstate', 'm3')
    t.equal(nobody.code, 2)
    t.match(nobody.stderr, /matches no minion[\s\S]*Did you mean 'm[12]'\?/u)
  })
})

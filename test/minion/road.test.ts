import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporaryFolder } from './loopback/folder.ts'
import { daemon, program, RealMaster, stop, type Ended } from './loopback/programs.ts'
import { until } from './loopback/until.ts'

// The programs as people use them: a real master, a real minion, its own user.
t.setTimeout(300_000)

const folder = temporaryFolder(t)
const root = join(folder, 'minion')
const master = new RealMaster(join(folder, 'master'), {
  'states/web/init.yaml': `
${folder}/web.conf:
  file.managed:
    - contents: "hello {{pillar.greeting}}"
told:
  cmd.run:
    - name: echo told >> ${folder}/told
    - onchanges: [{file: ${folder}/web.conf}]
never:
  cmd.run:
    - name: echo never >> ${folder}/told
    - unless: 'true'
by-grain:
  test.succeed_without_changes:
    - name: {{grains.rack}}
`,
  'states/broken/init.yaml': 'x:\n  file.manged:\n    - nmae: /x\n',
  'states/nested/init.yaml': `
run-in-run:
  cmd.run:
    - name: ${process.execPath} ${join(import.meta.dirname, '../../bin/butler-call.js')} --root ${root} highstate
`,
  'states/tells/init.yaml': `
deployed:
  test.succeed_with_changes:
    - fire_event: web/deployed
by-name:
  test.nop:
    - fire_event: true
`,
  'states/slow/init.yaml': `
slow:
  cmd.run:
    - name: while ! test -e ${folder}/go; do sleep 0.05; done
`,
  'roles/web.yaml': 'states: [web]\npillar:\n  greeting: world\n  mine_functions: {test.ping: []}\n',
  'roles/mapping.yaml': "'worker-*': [web]\n",
})
await master.start()
t.teardown(() => master.stop())

const call = (...words: string[]): Promise<Ended> => program('butler-call', ['--root', root, ...words])
const minion = (...words: string[]): Promise<Ended> => program('butler-minion', ['--root', root, ...words])
const { token, caFingerprint } = await master.token('--id', 'worker-*')

t.test('enrolment says what is wrong, and touches nothing', async (t) => {
  const enroll = (...words: string[]): Promise<Ended> => minion('enroll', '--id', 'worker-1', ...words)
  t.match(await enroll(), { exitCode: 2, stderr: /--master HOST is missing/u })
  t.match(await enroll('--master', master.address), { exitCode: 2, stderr: /--ca-fingerprint SHA256 is missing/u })
  const wrong = ['--ca-fingerprint', 'f'.repeat(64), '--token', token]
  t.match(await enroll('--master', master.address, ...wrong), { exitCode: 2, stderr: /not the one that was meant/u })
  t.match(await enroll('--master', '127.0.0.1:1', ...wrong), { exitCode: 2, stderr: /nothing listens there/u })
  const right = ['--master', master.address, '--ca-fingerprint', caFingerprint]
  t.match(await enroll(...right, '--token', 'no-such.token'), { exitCode: 2, stderr: /does not take 'worker-1'/u })
  t.match(await minion('start'), { exitCode: 2, stderr: /does not know its master/u })
})

t.test('without a token it waits for the operator', async (t) => {
  const right = ['--master', master.address, '--ca-fingerprint', caFingerprint]
  const waiting = daemon('butler-minion', ['--root', join(folder, 'second'), 'enroll', '--id', 'other-1', ...right])
  t.teardown(() => stop(waiting))
  let said = ''
  waiting.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const fingerprint = await until('its fingerprint', () => /[0-9a-f]{64}/u.exec(said)?.[0])
  const keys = await master.call('keys', 'list')
  t.match(keys.stdout, new RegExp(`other-1.*pending.*${fingerprint.slice(0, 16)}`, 'u'))
  t.match(await master.call('keys', 'accept', 'other-1'), { exitCode: 0 })
  await until('its end', () => waiting.exitCode !== null)
  t.equal(waiting.exitCode, 0)
})

t.test('with a token it joins at once, and can do it again', async (t) => {
  const words = [
    'enroll',
    '--id',
    'worker-1',
    '--master',
    master.address,
    '--ca-fingerprint',
    caFingerprint,
    '--token',
    token,
  ]
  t.match(await minion(...words), { exitCode: 0, stdout: /'worker-1' is a minion/u })
  const key = readFileSync(join(root, 'etc/butler/pki/minion.key'), 'utf8')
  t.match(await minion(...words), { exitCode: 0 })
  t.equal(readFileSync(join(root, 'etc/butler/pki/minion.key'), 'utf8'), key)
  writeFileSync(join(root, 'etc/butler/minion.yaml'), 'grains: {rack: 7}\n', { flag: 'a' })
})

t.test('butler-call without an agent connects itself', async (t) => {
  t.match(await minion('status'), { exitCode: 2, stderr: /No agent runs here/u })
  const { exitCode, stdout, stderr } = await call('highstate', '--json')
  t.equal(exitCode, 0, stderr)
  const report: unknown = JSON.parse(stdout)
  t.match(report, {
    schema: 'butler.run/1',
    ok: true,
    targets: { 'worker-1': { outcome: 'succeeded', summary: { total: 4, changed: 2 } } },
  })
  t.equal(readFileSync(join(folder, 'web.conf'), 'utf8').trim(), 'hello world')
})

t.test('with an agent', async (t) => {
  const agent = daemon('butler-minion', ['--root', root, 'start'])
  t.teardown(() => stop(agent))
  await until('a connected agent', async () => (await minion('status')).exitCode === 0)

  t.test('highstate: nothing to do, and -l debug says why', async (t) => {
    const { exitCode, stdout, stderr } = await call('highstate', '-l', 'debug')
    t.equal(exitCode, 0)
    t.match(stdout, /Summary for worker-1/u)
    t.match(stderr, /told.*onchanges/u)
    t.match(stderr, /never.*unless/u)
    t.equal(readFileSync(join(folder, 'told'), 'utf8'), 'told\n')
  })

  t.test('a compile that fails: all errors with their places, exit 2', async (t) => {
    const { exitCode, stderr } = await call('apply', 'broken')
    t.equal(exitCode, 2)
    t.match(
      stderr,
      /file\.manged.*\n.*states\/broken\/init\.yaml:2:3\n {2}2 \| {3}file\.manged:\n {4}\| {3}\^\n.*file\.managed/u,
    )
    t.match(await call('apply', 'no-such-state'), { exitCode: 2, stderr: /no-such-state/u })
  })

  t.test('plan and --exit-code', async (t) => {
    writeFileSync(join(folder, 'web.conf'), 'damaged')
    t.match(await call('plan', '--exit-code'), { exitCode: 3, stdout: /None/u })
    t.equal(readFileSync(join(folder, 'web.conf'), 'utf8'), 'damaged')
    t.match(await call('highstate'), { exitCode: 0 })
    t.match(await call('plan', '--exit-code'), { exitCode: 0 })
  })

  t.test('functions, with the pillar of the master', async (t) => {
    t.match(await call('test.ping', '--json'), { exitCode: 0, stdout: /"return": true/u })
    t.match(await call('pillar.get', 'greeting'), { exitCode: 0, stdout: /world/u })
    t.match(await call('grains.get', 'rack'), { exitCode: 0, stdout: /7/u })
    t.match(await call('test.pign'), { exitCode: 2, stderr: /Did you mean 'test\.ping'/u })
    t.match(await call('cmd.run', 'exit 3'), { exitCode: 1, stderr: /exit code 3/u })
    t.match(await master.call('mine', 'update', 'worker-1'), { exitCode: 0 })
    const mine = await call('mine.get', '*', 'test.ping')
    t.match(mine, { exitCode: 0, stdout: /worker-1.*True/su }, mine.stderr)
  })

  t.test('show', async (t) => {
    t.match(await call('show', 'pillar'), { exitCode: 0, stdout: /greeting/u })
    const { stdout } = await call('show', 'lowstate', 'web', '--json')
    t.match(JSON.parse(stdout), { chunks: [{ order: 0, function: 'file.managed' }, {}, {}, {}] })
  })

  t.test('a state run in a state run is refused with a hint, instead of waiting for itself', async (t) => {
    const { exitCode, stdout } = await call('apply', 'nested')
    t.equal(exitCode, 1)
    t.match(stdout, /can't be started from within one/u)
  })

  t.test('fire_event tells whoever follows the job, also afterwards; a plan tells nobody', async (t) => {
    const applied = await master.call('apply', 'worker-1', 'tells')
    t.match(applied, { exitCode: 0, stderr: /worker-1  event  web\/deployed\n[^]*worker-1  event  by-name\n/u })
    const jid = /^(\d{20}) .* state\.apply tells/mu.exec((await master.call('jobs')).stdout)?.[1] ?? ''
    t.match(await master.call('jobs', 'watch', jid), { exitCode: 0, stderr: /worker-1  event  web\/deployed\n/u })
    t.notMatch((await master.call('plan', 'worker-1', 'tells')).stderr, /event/u)
  })

  t.test('Ctrl-C detaches and says how to come back; the run goes on', async (t) => {
    const detached = daemon('butler-call', ['--root', root, 'apply', 'slow'])
    let said = ''
    detached.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await until('a running job', async () => /jobs +\d{20} running/u.test((await minion('status')).stdout))
    await stop(detached, 'SIGINT')
    t.equal(detached.exitCode, 1)
    const jid = /butler-master jobs watch (\d{20})/u.exec(said)?.[1] ?? ''
    writeFileSync(join(folder, 'go'), '')
    const shown = await until('its end on the master', async () => {
      const { stdout } = await master.call('jobs', 'show', jid, '--json')
      return stdout.includes('"succeeded"') ? stdout : undefined
    })
    t.match(shown, /worker-1/u)
  })

  t.test('the master dies and comes back', async (t) => {
    await master.stop('SIGKILL')
    t.match(
      await until('a noticed loss', async () => {
        const status = await minion('status')
        return status.exitCode === 1 ? status : undefined
      }),
      { stdout: /not connected/u },
    )
    t.match(await call('highstate'), { exitCode: 2, stderr: /not connected to its master/u })
    await master.start()
    await until('a new connection', async () => (await minion('status')).exitCode === 0)
    t.match(await call('highstate'), { exitCode: 0 })
  })

  t.test('a revoked key ends the connection at once, for good', async (t) => {
    t.match(await master.call('keys', 'revoke', 'worker-1'), { exitCode: 0 })
    const status = await until('a lost connection', async () => {
      const status = await minion('status')
      return status.exitCode === 1 ? status : undefined
    })
    t.match(status.stdout, /not connected: .*/u)
    t.match(await call('pillar.items'), { exitCode: 2, stderr: /not connected/u })
  })
})

t.test('no socket is left behind by an agent that ended', async (t) => {
  await until('its end', () => !existsSync(join(root, 'run/butler/minion.sock')))
  t.pass()
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { until } from '../master/until.ts'
import { Town } from './town.ts'

function state(text: string): string {
  return `{{grains.home}}/motd:\n  file.managed:\n    - contents: ${text}\n`
}

t.test('a commit is in use without a restart; a broken one is refused with its place', async (t) => {
  const town = new Town(
    t,
    {
      'roles/mapping.yaml': "'*': [all]\n",
      'roles/all.yaml': 'states: [motd]\n',
      'states/motd.yaml': state('first'),
    },
    { poll: '1s' },
  )
  const motd = (): string => readFileSync(join(town.home('m1'), 'motd'), 'utf8').trim()
  await town.startMaster()
  await town.join('m1')
  t.equal((await town.master('highstate', 'm1')).code, 0)
  t.equal(motd(), 'first')

  const second = town.source.commit({ 'states/motd.yaml': state('second') })
  await until('the second commit to be in use', async () =>
    (await town.master('sources', '--json')).stdout.includes(second),
  )
  t.equal((await town.master('highstate', 'm1')).code, 0)
  t.equal(motd(), 'second')

  town.source.commit({ 'states/motd.yaml': '{{grains.home}}/motd:\n\tfile.managed: []\n' })
  const broken = await until('the broken commit to be seen', async () => {
    const shown = await town.master('sources')
    return /states\/motd\.yaml:2/u.test(shown.stdout + shown.stderr) && shown
  })
  t.match(broken.stdout + broken.stderr, /tab/u)
  t.equal((await town.master('highstate', 'm1')).code, 0, 'the last good one stays in use')
  t.equal(motd(), 'second')

  const mended = town.source.commit({ 'states/motd.yaml': state('third') })
  await until('the mended commit to be in use', async () =>
    (await town.master('sources', '--json')).stdout.includes(mended),
  )
  t.equal((await town.master('plan', 'm1')).code, 0)
  t.equal(motd(), 'second', 'a plan touches nothing')
  t.equal((await town.master('plan', 'm1', '--exit-code')).code, 3, 'and says that there is drift')
  t.equal((await town.master('highstate', 'm1')).code, 0)
  t.equal(motd(), 'third')
})

t.test('mistakes are named with their place and the way out, and nothing is touched', async (t) => {
  const town = new Town(t, {
    'roles/mapping.yaml': "'*': [all]\n",
    'roles/all.yaml': 'states: [good]\npillar: { port: 80 }\n',
    'states/good.yaml': '{{grains.home}}/good:\n  file.managed:\n    - contents: fine\n',
    'states/argument.yaml': '{{grains.home}}/touched:\n  file.managed:\n    - contnts: x\n',
    'states/undefined.yaml': "{{grains.home}}/touched:\n  file.managed:\n    - contents: '{{pillar.prt}}'\n",
    'states/requisite.yaml': '{{grains.home}}/touched:\n  file.managed:\n    - require: [{ file: nowhere }]\n',
    'orchestrations/deploy.yaml': "all:\n  fleet.apply:\n    - target: '*'\n    - highstate: true\n",
  })
  await town.startMaster()
  await town.join('m1')

  for (const [words, place, hint] of [
    [['orchestrate', 'deplyo'], /deplyo/u, /deploy/u],
    [['apply', 'm1', 'argument'], /states\/argument\.yaml:3/u, /contents/u],
    [['apply', 'm1', 'undefined'], /states\/undefined\.yaml:3/u, /port/u],
    [['apply', 'm1', 'requisite'], /states\/requisite\.yaml:3/u, /nowhere/u],
    [['apply', 'm1', 'goood'], /goood/u, /good/u],
    [['highstate', 'm2'], /m2/u, /m1/u],
    [['run', 'm1', 'test.pong'], /test\.pong/u, /test\.ping/u],
    [['highstat', 'm1'], /highstat/u, /highstate/u],
  ] as const) {
    const ran = await town.master(...words)
    t.equal(ran.code, 2, `${words.join(' ')}: ${ran.stdout}${ran.stderr}`)
    t.match(ran.stderr, place)
    t.match(ran.stderr, hint)
    t.notOk(existsSync(join(town.home('m1'), 'touched')))
  }

  for (const [path, text, place, hint] of [
    ['states/tab.yaml', 'a:\n\ttest.nop: []\n', /states\/tab\.yaml:2/u, /spaces/u],
    [
      'states/jinja.yaml',
      "a:\n  test.nop:\n    - name: {{ pillar['port'] }}\n",
      /states\/jinja\.yaml:3/u,
      /\{\{pillar\.port\}\}/u,
    ],
    ['states/twice.yaml', 'a:\n  test.nop: []\na:\n  test.nop: []\n', /states\/twice\.yaml:3/u, /'a'/u],
  ] as const) {
    town.source.commit({ [path]: text })
    const ran = await town.master('sources', 'update')
    t.equal(ran.code, 2, `${path}: ${ran.stdout}${ran.stderr}`)
    t.match(ran.stdout + ran.stderr, place)
    t.match(ran.stdout + ran.stderr, hint)
    town.source.commit({ [path]: null })
  }
})

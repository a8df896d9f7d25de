import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RunReport } from '../../../core/run/result.ts'
import type { JobTimes } from '../../../master/jobs/times.ts'
import type { JobLine } from '../../../master/jobs/jobs.ts'
import { Town } from '../../road/town.ts'
import { until } from '../until.ts'

const FILES = {
  'roles/mapping.yaml': "db: [db]\n'w*': [worker]\n",
  'roles/db.yaml': 'states: [mark]\npillar: { text: of the database }\n',
  'roles/worker.yaml': 'states: [mark]\npillar: { text: of a worker }\n',
  'states/mark.yaml': "{{grains.home}}/mark:\n  file.managed:\n    - contents: '{{pillar.text}}'\n",
  'states/fails.yaml': '{{grains.home}}/mark/below:\n  file.managed:\n    - contents: x\n',
  'states/line.yaml': 'line:\n  cmd.run:\n    - name: echo line >> {{grains.home}}/lines\n',
  'states/waits.yaml':
    'waits:\n  cmd.run:\n    - name: touch {{grains.home}}/begun; until test -e {{grains.home}}/go; do sleep 0.02; done\n',
  'orchestrations/deploy.yaml': `
database:
  fleet.apply:
    - target: G@roles:db
    - highstate: true
there:
  fleet.wait:
    - target: db
    - command: test -e "$(dirname {{pillar.homes}}/db/x)/mark"
    - require: [{ fleet: database }]
workers:
  fleet.apply:
    - target: not db
    - states: [mark]
    - pillar: { text: by hand }
    - require: [{ fleet: there }]
everybody:
  salt.function:
    - name: test.ping
    - tgt: '*'
    - require: [{ fleet: workers }]
`,
  'orchestrations/stop.yaml': `
breaks:
  fleet.apply: [{ target: db }, { states: [mark, fails] }]
never:
  fleet.apply: [{ target: w1 }, { states: [line] }, { require: [{ fleet: breaks }] }]
on-its-own:
  fleet.call: [{ target: w1 }, { function: grains.get }, { arg: id }]
`,
  'orchestrations/hours.yaml': `
long:
  fleet.apply: [{ target: db }, { states: [waits] }]
`,
  'orchestrations/late.yaml': `
late:
  fleet.wait: [{ target: '*' }, { until: grains.get }, { arg: nothing }, { timeout: 1s }, { interval: 100ms }]
`,
}

const WRONG = {
  'orchestrations/wrong.yaml': `
nobody:
  fleet.apply: [{ target: 'G@roles:dbb' }, { highstate: true }]
no-state:
  fleet.apply: [{ target: db }, { states: [mrak] }]
no-function:
  fleet.call: [{ target: '*' }, { function: test.pong }]
half-a-wait:
  fleet.wait: [{ target: '*' }]
nothing-said:
  fleet.apply: [{ target: '*' }]
first:
  fleet.apply: [{ target: w1 }, { states: [line] }]
`,
}

t.test('an orchestration, from its check to its end', async (t) => {
  const town = new Town(t, FILES)
  await town.startMaster()
  for (const id of ['db', 'w1', 'w2']) await town.join(id)
  const homes = JSON.stringify({ homes: join(town.folder, 'homes') })
  const orchestrate = async (...words: string[]): Promise<{ code: number | null; report: RunReport; told: string }> => {
    const ran = await town.master('orchestrate', ...words, '--pillar', homes, '--json')
    return { code: ran.code, report: ran.json() as RunReport, told: ran.stderr }
  }

  await t.test('planned: says who would change, and touches nothing', async (t) => {
    const { code, report } = await orchestrate('deploy', '--test')
    t.equal(code, 0)
    t.equal(report.test, true)
    t.match(report.targets['master']?.results, [
      { id: 'database', result: null, changes: { db: { outcome: 'succeeded', would_change: 1 } } },
      { id: 'there' },
      { id: 'workers', result: null, comment: /would change: w1, w2/u },
      { id: 'everybody' },
    ])
    t.notOk(existsSync(join(town.home('db'), 'mark')))
  })

  await t.test('done: steps in order, with the minions that changed', async (t) => {
    const { code, report, told } = await orchestrate('deploy')
    t.equal(code, 0, told)
    t.match(report.targets['master'], {
      outcome: 'succeeded',
      results: [
        { id: 'database', result: true, changes: { db: { changed: 1 } }, comment: 'changed: db' },
        { id: 'there', result: true, changes: {} },
        { id: 'workers', result: true, comment: 'changed: w1, w2' },
        { id: 'everybody', result: true, changes: {}, comment: 'test.ping: db, w1, w2: true' },
      ],
    })
    t.equal(readFileSync(join(town.home('db'), 'mark'), 'utf8').trim(), 'of the database')
    t.equal(readFileSync(join(town.home('w1'), 'mark'), 'utf8').trim(), 'by hand')
    const jobs = (await town.master('jobs', '--json')).json() as JobLine[]
    const { jid } = report.targets['master'] ?? { jid: '' }
    t.ok(
      jobs.some((job) => job.by === `orchestration:${jid}`),
      'its jobs say whose they are',
    )

    t.match(
      told,
      /Where the time went, [\d.]+ m?s in all:\n\nSTEP +TOOK\ndatabase +\d.*\nthere .*\nworkers .*\neverybody /u,
    )
    t.match(told, /HOST +AT WORK +LONGEST STATES\n/u)
    for (const id of ['db', 'w1', 'w2']) t.match(told, new RegExp(`\n${id} +[\\d.]+ m?s +file\\.managed \\S+`, 'u'), id)
    const times = (await town.master('jobs', 'times', jid, '--json')).json() as JobTimes
    t.match(times, { jid, steps: [{ id: 'database' }, {}, {}, {}] })
    t.same(times.hosts.map(({ id }) => id).toSorted(), ['db', 'w1', 'w2'])
    const sent = jobs.filter(({ by }) => by === `orchestration:${jid}`)
    const timesOf = async (title: RegExp): Promise<string> => {
      const job = sent.find((one) => title.test(one.title))
      return (await town.master('jobs', 'times', job?.jid ?? '')).stdout
    }
    t.match(await timesOf(/^state\.apply/u), /^Where the time went.*\n\nHOST/u, 'a job that it sent has hosts')
    t.match(await timesOf(/^test\.ping/u), /^It took \d.*, and no states were run\.$/mu, 'and of a function no states')
    t.match(await town.master('jobs', 'times', '7'), { code: 2, stderr: 'There is no job 7.' })
  })

  await t.test('again: nothing changes', async (t) => {
    const { code, report } = await orchestrate('deploy')
    t.equal(code, 0)
    t.match(report.targets['master']?.summary, { total: 4, changed: 0, failed: 0 })
  })

  await t.test('a step that fails blocks those that require it, and no others', async (t) => {
    const { code, report } = await orchestrate('stop')
    t.equal(code, 1)
    t.match(report.targets['master'], {
      outcome: 'failed',
      cause: /the step 'breaks' failed/u,
      results: [
        { id: 'breaks', result: false, comment: /failed: db/u, changes: { db: { outcome: 'failed' } } },
        { id: 'never', result: false, ran: false, skipped: 'requisite' },
        { id: 'on-its-own', result: true, comment: 'grains.get: w1: "w1"' },
      ],
    })
    t.notOk(existsSync(join(town.home('w1'), 'lines')))
  })

  await t.test('a wait that is in vain says who was not there', async (t) => {
    const { code, report } = await orchestrate('late')
    t.equal(code, 1)
    t.match(report.targets['master']?.results, [
      { id: 'late', result: false, comment: /^Not within 1\.0 s: grains\.get/u },
    ])
  })

  await t.test('cancelled: its job is cancelled with it', async (t) => {
    const submitted = await town.master('orchestrate', 'hours', '--async', '--json')
    const { jid } = submitted.json() as { jid: string }
    await until('it to begin', () => existsSync(join(town.home('db'), 'begun')))
    t.equal((await town.master('jobs', 'cancel', jid)).code, 0)
    const watched = await town.master('jobs', 'watch', jid, '--json')
    t.equal(watched.code, 1)
    t.match(watched.json(), { targets: { master: { outcome: 'cancelled' } } })
    const children = ((await town.master('jobs', '--json')).json() as JobLine[]).filter(
      (job) => job.by === `orchestration:${jid}`,
    )
    t.match(children, [{ outcomes: { cancelled: 1 } }])
  })

  await t.test('a master that dies leaves it interrupted at its step; its job goes on', async (t) => {
    rmSync(join(town.home('db'), 'begun'))
    const submitted = await town.master('orchestrate', 'hours', '--async', '--json')
    const { jid } = submitted.json() as { jid: string }
    await until('it to begin', () => existsSync(join(town.home('db'), 'begun')))
    await town.kill('master')
    await town.startMaster()
    const shown = (await town.master('jobs', 'show', jid, '--json')).json()
    t.match(shown, { targets: { master: { outcome: 'interrupted', cause: /'long'/u } } })
    await town.run('butler-call', ['--local', 'cmd.run', `touch ${join(town.home('db'), 'go')}`])
    await until('its job to succeed', async () => {
      const jobs = (await town.master('jobs', '--json')).json() as JobLine[]
      return jobs.some((job) => job.by === `orchestration:${jid}` && job.outcomes['succeeded'] === 1)
    })
  })

  await t.test('a name that is not there, and all that is wrong with the steps at once', async (t) => {
    const near = await town.master('orchestrate', 'deplyo')
    t.equal(near.code, 2)
    t.match(near.stderr, /no orchestration 'deplyo'[\s\S]*Did you mean 'deploy'\?/u)
    town.source.commit(WRONG)
    const refused = await town.master('sources', 'update')
    t.equal(refused.code, 2, 'a step that is malformed whoever it means is refused with its commit')
    t.match(refused.stdout, /half-a-wait[\s\S]*nothing-said/u)
    const mended = WRONG['orchestrations/wrong.yaml'].replace(/half-a-wait[\s\S]*(?=first:)/u, '')
    town.source.commit({ 'orchestrations/wrong.yaml': mended })
    t.equal((await town.master('sources', 'update')).code, 0)
    const wrong = await town.master('orchestrate', 'wrong')
    t.equal(wrong.code, 2)
    t.match(wrong.stderr, /'G@roles:dbb' matches no minion[\s\S]*wrong\.yaml:3[\s\S]*Did you mean 'db'\?/u)
    t.match(wrong.stderr, /no state file 'mrak'[\s\S]*\[db\][\s\S]*Did you mean 'mark'\?/u)
    t.match(wrong.stderr, /no function 'test\.pong'[\s\S]*wrong\.yaml:7[\s\S]*Did you mean 'test\.ping'\?/u)
    t.notOk(existsSync(join(town.home('w1'), 'lines')), 'nothing was touched')
  })
})

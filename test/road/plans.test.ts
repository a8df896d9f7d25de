import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Town, type Ran } from './town.ts'

const PAGE = (text: string): string => `
{{grains.home}}/page:
  file.managed:
    - contents: ${text}
{{grains.home}}/sign:
  file.managed:
    - contents: {{default pillar.sign 'none'}}
`

async function town(t: Test): Promise<Town> {
  const made = new Town(t, {
    'roles/mapping.yaml': "'*': [all]\n",
    'roles/all.yaml': 'states: [pages]\n',
    'states/pages.yaml': PAGE('first'),
  })
  await made.startMaster()
  await made.join('m1')
  return made
}

function planIn({ stderr }: Ran): string {
  const found = /plans apply (\d{20})/u.exec(stderr)?.[1]
  if (found === undefined) throw new Error(`No plan was saved:\n${stderr}`)
  return found
}

t.test('a saved plan is applied just as it was, once', async (t) => {
  const here = await town(t)
  const plan = planIn(await here.master('plan', 'm1', '--save', '--pillar', '{"sign": "open"}'))
  t.match((await here.master('plans')).stdout, new RegExp(`${plan} .* 2 +highstate +m1`, 'u'))
  t.notOk(existsSync(join(here.home('m1'), 'page')))

  const applied = await here.master('plans', 'apply', plan)
  t.equal(applied.code, 0, applied.stderr)
  t.equal(readFileSync(join(here.home('m1'), 'sign'), 'utf8'), 'open\n', 'with the pillar that was given')
  const again = await here.master('plans', 'apply', plan)
  t.match(again, { code: 2, stderr: `m1: file.managed ${here.home('m1')}/page would not change any more` })

  t.equal((await here.master('plans', 'delete', plan)).code, 0)
  t.match(await here.master('plans', 'apply', plan), { code: 2, stderr: `There is no saved plan ${plan}.` })
  t.match((await here.master('plans')).stdout, 'No plan was saved.')
})

t.test('it is refused when anything has moved since, and nothing is touched then', async (t) => {
  const here = await town(t)
  const page = join(here.home('m1'), 'page')

  const first = planIn(await here.master('plan', 'm1', '--save'))
  mkdirSync(here.home('m1'), { recursive: true })
  writeFileSync(page, 'by hand\n')
  t.match(await here.master('plans', 'apply', first), {
    code: 2,
    stderr: `since the machines have moved: m1: file.managed ${page} would change in another way`,
  })
  t.equal(readFileSync(page, 'utf8'), 'by hand\n')

  const second = planIn(await here.master('plan', 'm1', '--save'))
  here.source.commit({ 'states/pages.yaml': PAGE('second') })
  await here.master('sources', 'update')
  t.match(await here.master('plans', 'apply', second), {
    code: 2,
    stderr: /its sources have changed since: from \w+ to \w+/u,
  })
  t.equal(readFileSync(page, 'utf8'), 'by hand\n')

  const third = planIn(await here.master('plan', 'm1', '--save'))
  t.equal((await here.master('keys', 'delete', 'm1')).code, 0)
  t.match(await here.master('plans', 'apply', third), { code: 2, stderr: `The plan ${third} is not applied: 'm1'` })
  t.equal(readFileSync(page, 'utf8'), 'by hand\n')
})

t.test('what is no plan, or went wrong, or is not waited for, is not saved', async (t) => {
  const here = await town(t)
  t.match(await here.master('plan', 'm1', '--save', '--async'), { code: 2, stderr: 'Leave out --async, or --save.' })
  here.source.commit({ 'states/pages.yaml': 'broken:\n  test.fail_without_changes: []\n' })
  await here.master('sources', 'update')
  const failed = await here.master('plan', 'm1', '--save')
  t.equal(failed.code, 1)
  t.notMatch(failed.stderr, 'plans apply')
  t.match(await here.master('plans', 'apply', '12'), {
    code: 2,
    stderr: "There is no saved plan 12.\n  'butler-master plans' lists them",
  })
})

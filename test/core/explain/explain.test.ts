import t from 'tap'
import { explain } from '../../../core/explain/explain.ts'
import { formatExplanation } from '../../../core/explain/format.ts'
import { go, low, type Small } from '../run/small.ts'

const STATES: Small = {
  config: ['t.changed', { args: { source: 'butler://web/files/site.conf' } }],
  web: ['t.same', { refs: { watch: ['config'] }, guards: { onlyif: [{ command: 'true' }] } }],
  page: ['t.changed', { refs: { require: ['web'] }, guards: { creates: ['/'] } }],
}

async function explained(id: string): Promise<string> {
  const { results } = await go(STATES, { test: true })
  return explain(low(STATES), results, id).map(formatExplanation).join('\n\n')
}

t.test('where it stands, what it hangs on, and what would happen', async (t) => {
  t.equal(
    await explained('config'),
    `t.changed config
  from           main.yaml:1, state file 'main', number 0 in the run
  waited for by  t.same web (main.yaml:2), by watch
  sources        butler://web/files/site.conf
  now            would change
  because        no requisite and no guard decides about it
  it says        Would change: it
  changes        it:
                     ----------
                     old:
                         1
                     new:
                         2`,
  )
  t.match(await explained('web'), /waits for +watch t[.]changed config \(main[.]yaml:1\)\n/u)
  t.match(
    await explained('web'),
    /now +would change\n +because +watch main[.]config would change\n +onlyif `true` ended with 0/u,
  )
  t.match(await explained('page'), /guards +creates: \/\n +now +would not be run: creates\n/u)
})

t.test('a state is named by its id, its name, or its function and id', async (t) => {
  const { results } = await go(STATES, { test: true })
  t.strictSame(
    explain(low(STATES), results, 't.same web').map(({ id }) => id),
    ['web'],
  )
  t.throws(() => explain(low(STATES), results, 'wbe'), {
    code: 'unknown-state-id',
    message: "There is no state 'wbe' in this run.",
    hint: "Did you mean 'web'?",
  })
})

t.test('a plan that did not come to it', async (t) => {
  const [one] = explain(low(STATES), [], 'web')
  t.equal(one?.planned, undefined)
  t.match(one === undefined ? '' : formatExplanation(one), 'a plan does not get so far')
})

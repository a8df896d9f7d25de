// Every state function that needs a whole machine, on a real one: planned without touching anything, applied, applied
// again without a change, damaged, planned to mend exactly that, and mended.
import t from 'tap'
import { catalog } from '../../modules/catalog.ts'
import { CASES } from './cases.ts'
import { differences, fingerprint } from './fingerprint.ts'
import { openLab } from './lab.ts'
import { applyLocally, changedBy, failedIn, installAgent } from './local-call.ts'

const HOST_ONLY = /^(pkg|service|user|group|host|postgres_\w+)\./u

t.setTimeout(1_200_000)

t.test('there is a case for every state function that needs a whole machine', async (t) => {
  const covered = new Set(CASES.flatMap(({ covers }) => covers))
  const missing = [...catalog.states.keys()].filter((name) => HOST_ONLY.test(name) && !covered.has(name))
  t.strictSame(missing, [])
})

t.test('on a real host', async (t) => {
  const lab = await openLab({ name: 'states', hosts: ['one'], note: (text) => t.comment(text) })
  t.teardown(() => lab.close())
  const host = lab.host('one')
  await installAgent([host])
  await host.sh('apt-get update -q')
  for (const { title, before, states, damage } of CASES) {
    await t.test(title, async (t) => {
      if (before !== undefined) await host.sh(before)

      await t.test('a plan touches nothing', async (t) => {
        const was = await fingerprint(host)
        const plan = await applyLocally(host, states, { test: true })
        t.strictSame(failedIn(plan), [])
        t.not(changedBy(plan).length, 0)
        t.strictSame(differences(was, await fingerprint(host)), [])
      })

      await t.test('it is applied, and a second time changes nothing', async (t) => {
        t.strictSame(failedIn(await applyLocally(host, states, { test: false })), [])
        const was = await fingerprint(host)
        const again = await applyLocally(host, states, { test: false })
        t.strictSame([...failedIn(again), ...changedBy(again)], [])
        t.strictSame(changedBy(await applyLocally(host, states, { test: true })), [])
        t.strictSame(differences(was, await fingerprint(host)), [])
      })

      for (const [line, expected] of Object.entries(damage)) {
        await t.test(`mended after: ${line}`, async (t) => {
          await host.sh(line)
          t.strictSame(changedBy(await applyLocally(host, states, { test: true })), expected)
          const mended = await applyLocally(host, states, { test: false })
          t.strictSame(failedIn(mended), [])
          t.strictSame(changedBy(mended), expected)
          t.strictSame(changedBy(await applyLocally(host, states, { test: true })), [])
        })
      }
    })
  }
})

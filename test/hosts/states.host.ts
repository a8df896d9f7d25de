// Every state function on a real machine: planned without touching anything, applied, applied
// again without a change, damaged, planned to mend exactly that, and mended.
import t from 'tap'
import { catalog } from '../../modules/catalog.ts'
import { ACCOUNTS } from './cases/accounts.ts'
import { DATABASES } from './cases/databases.ts'
import { EXAMPLES } from './cases/examples.ts'
import { FILES } from './cases/files.ts'
import { MACHINE } from './cases/machine.ts'
import { PACKAGES } from './cases/packages.ts'
import { RED_HAT } from './cases/red-hat.ts'
import { SERVICES } from './cases/services.ts'
import { UNITS } from './cases/units.ts'
import { differences, fingerprint } from './fingerprint.ts'
import { openLab } from './lab.ts'
import { applyLocally, changedBy, failedIn, installAgent, putSources, waitingIn } from './local-call.ts'

const CASES = [
  ...PACKAGES,
  ...RED_HAT,
  ...UNITS,
  ...ACCOUNTS,
  ...MACHINE,
  ...FILES,
  ...DATABASES,
  ...SERVICES,
  ...EXAMPLES,
]

/** States that have no case here -> why, and what stands for them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'x509.certificate_managed': 'it asks a master: test/road/certificates.test.ts and the cluster',
  'x509.ca_managed': 'it asks a master: test/road/certificates.test.ts and the cluster',
  ...Object.fromEntries(
    ['connection', 'variable', 'pool'].flatMap((kind) =>
      ['present', 'absent'].map((verb) => [`airflow_${kind}.${verb}`, 'it takes an Airflow: the cluster has one']),
    ),
  ),
  ...Object.fromEntries(
    ['datasource', 'dashboard'].flatMap((kind) =>
      ['present', 'absent'].map((verb) => [
        `grafana_${kind}.${verb}`,
        'its package is not reachable: a stand-in in test/modules/grafana',
      ]),
    ),
  ),
  'http.wait_for_successful_query': 'it waits, and changes nothing: test/modules/http',
  'kmod.present': 'a container loads no modules of the kernel: recorded answers in test/modules/kmod',
  'kmod.absent': 'a container loads no modules of the kernel: recorded answers in test/modules/kmod',
  'selinux.mode': 'Debian has none: recorded answers in test/modules/selinux',
  'selinux.boolean': 'Debian has none: recorded answers in test/modules/selinux',
  'test.nop': 'it does nothing',
  'test.succeed_without_changes': 'it does nothing',
  'test.succeed_with_changes': 'it always claims a change: test/conformance',
  'test.fail_without_changes': 'it always fails: test/conformance',
  'test.fail_with_changes': 'it always fails: test/conformance',
  'test.configurable_test_state': 'it claims what it is told: test/conformance',
  'test.show_notification': 'it only says something: test/conformance',
}

/** `CASE='RabbitMQ|Consul' npm run test:hosts` runs only those whose titles match. */
const only = new RegExp(process.env['CASE'] ?? '', 'u')

t.setTimeout(1_200_000)

t.test('there is a case for every state function', async (t) => {
  const covered = new Set(CASES.flatMap(({ covers }) => covers))
  for (const [name, why] of Object.entries(ELSEWHERE)) t.comment(`${name}: ${why}`)
  t.strictSame([...covered, ...Object.keys(ELSEWHERE)].sort(), [...catalog.states.keys()].sort())
})

t.test('on a real host', async (t) => {
  const lab = await openLab({ name: 'states', hosts: ['one'], note: (text) => t.comment(text) })
  t.teardown(() => lab.close())
  const host = lab.host('one')
  await installAgent([host])
  await host.sh('apt-get update -q')
  for (const { title, before, states, grains, files = {}, damage } of CASES.filter((each) => only.test(each.title))) {
    await t.test(title, async (t) => {
      if (before !== undefined) await host.sh(before)
      await putSources(host, files)

      await t.test('a plan touches nothing', async (t) => {
        const was = await fingerprint(host)
        const plan = await applyLocally(host, states, { test: true, grains })
        t.strictSame(failedIn(plan), [])
        t.not(changedBy(plan).length, 0)
        t.strictSame(differences(was, await fingerprint(host)), [])
      })

      await t.test('it is applied, and a second time changes nothing', async (t) => {
        t.strictSame(failedIn(await applyLocally(host, states, { test: false, grains })), [])
        const was = await fingerprint(host)
        const again = await applyLocally(host, states, { test: false, grains })
        t.strictSame([...failedIn(again), ...changedBy(again)], [])
        t.strictSame(changedBy(await applyLocally(host, states, { test: true, grains })), [])
        t.strictSame(differences(was, await fingerprint(host)), [])
      })

      for (const [line, expected] of Object.entries(damage)) {
        await t.test(`mended after: ${line}`, async (t) => {
          await host.sh(line)
          const plan = await applyLocally(host, states, { test: true, grains })
          const waiting = new Set(waitingIn(plan))
          t.strictSame(
            changedBy(plan).filter((name) => !waiting.has(name) || expected.includes(name)),
            expected,
          )
          const mended = await applyLocally(host, states, { test: false, grains })
          t.strictSame(failedIn(mended), [])
          t.strictSame(changedBy(mended), expected)
          t.strictSame(changedBy(await applyLocally(host, states, { test: true, grains })), [])
        })
      }
    })
  }
})

import t from 'tap'
import type { View } from '../../../core/module/view.ts'
import { serviceAbsent } from '../../../modules/consul/service_absent.ts'
import { serviceRegistered } from '../../../modules/consul/service_registered.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const FILE = '/etc/consul.d/postgresql.json'
const given = {
  name: 'postgresql',
  port: 5432,
  checks: [{ name: 'accepts connections', tcp: '127.0.0.1:5432', interval: '5s' }],
}

/** A machine with this definition on its disk, whose agent has read one with this mark, and whose servers have taken another. */
function machine(definition: string | undefined, mark: string | undefined, taken = mark): View {
  const view = recordedView({}, {}, definition === undefined ? {} : { [FILE]: definition })
  const answers = {
    '/v1/agent/services': mark === undefined ? {} : { postgresql: { Service: 'postgresql', Meta: { butler: mark } } },
    '/v1/catalog/service/postgresql': taken === undefined ? [] : [{ Node: 'one', ServiceMeta: { butler: taken } }],
  }
  const answerTo = (url: string): unknown => Object.entries(answers).find(([path]) => url.endsWith(path))?.[1]
  return { ...view, fetch: (url) => Promise.resolve(new TextEncoder().encode(JSON.stringify(answerTo(url)))) }
}

/** What the state writes. */
async function definitionOf(): Promise<{ text: string; mark: string }> {
  const written: string[] = []
  const { changes } = await plannedOn(machine('other', undefined), serviceRegistered, given)
  for (const { shows } of changes) written.push((shows as { new: string }).new)
  const [text = ''] = written
  return { text, mark: (JSON.parse(text) as { service: { meta: { butler: string } } }).service.meta.butler }
}

t.test('a service that the agent does not know yet', async (t) => {
  t.strictSame(shownOf(await plannedOn(machine(undefined, undefined), serviceRegistered, given)), {
    service: { old: '', new: 'postgresql' },
  })
})

t.test('one that it knows as it is written', async (t) => {
  const { text, mark } = await definitionOf()
  t.match(JSON.parse(text), { service: given })
  t.strictSame(shownOf(await plannedOn(machine(text, mark), serviceRegistered, given)), {})
})

t.test('a file that the agent never read, since a run was cut short, is read again', async (t) => {
  const { text } = await definitionOf()
  for (const mark of [undefined, 'old']) {
    t.strictSame(shownOf(await plannedOn(machine(text, mark), serviceRegistered, given)), { service: 'read again' })
  }
})

t.test('one that the servers refused is tried again', async (t) => {
  const { text, mark } = await definitionOf()
  for (const taken of ['', 'old']) {
    t.strictSame(shownOf(await plannedOn(machine(text, mark, taken), serviceRegistered, given)), {
      service: 'read again',
    })
  }
})

t.test('a file that somebody changed', async (t) => {
  const { text, mark } = await definitionOf()
  const changed = await plannedOn(machine(`${text}\n`, mark), serviceRegistered, given)
  t.strictSame(shownOf(changed), { service: { old: `${text}\n`, new: text } })
})

t.test('one that must not be there', async (t) => {
  t.strictSame(shownOf(await plannedOn(machine('x', 'x'), serviceAbsent, { name: 'ghost' })), {})
})

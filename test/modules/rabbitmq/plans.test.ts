import t from 'tap'
import { listQueues } from '../../../modules/rabbitmq/list_queues.ts'
import rabbitmq from '../../../modules/rabbitmq/index.ts'
import type { AnyState } from '../../../core/module/state.ts'
import { plannedOn, recordedView, shownOf, type Recorded } from '../recorded.ts'

/** Of the password `right`. */
const HASH = 'AQIDBPmWwfwOd1zrkUz1GhP41uoXtgCgs/EQOqfPE7YpdJ6j'

// As rabbitmqctl 3.10 answers.
const BROKER: Recorded = {
  'rabbitmqctl -q export_definitions -': JSON.stringify({
    rabbit_version: '3.10.8',
    users: [
      {
        name: 'butler',
        password_hash: HASH,
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: ['administrator'],
      },
      { name: 'guest', password_hash: '', hashing_algorithm: 'rabbit_password_hashing_sha512', tags: [] },
    ],
    vhosts: [{ name: '/' }, { name: 'butler_vhost' }],
    permissions: [{ user: 'butler', vhost: 'butler_vhost', configure: '.*', write: '.*', read: '.*' }],
    policies: [
      {
        vhost: 'butler_vhost',
        name: 'short',
        pattern: '^celeryev',
        'apply-to': 'queues',
        definition: { expires: 60000 },
        priority: 0,
      },
    ],
  }),
  'rabbitmqctl -q authenticate_user -- guest': 'Success\n',
  'rabbitmqctl -q --formatter json list_queues -p butler_vhost name messages consumers':
    '[\n{"name":"default","messages":3,"consumers":2}\n]\n',
  'sh -c command -v rabbitmq-plugins': '/usr/sbin/rabbitmq-plugins\n',
  'rabbitmq-plugins list -m -q': 'rabbitmq_management\nrabbitmq_shovel\n',
  'rabbitmq-plugins list -m -q -E': 'rabbitmq_management\n',
}

function stateOf(name: string): AnyState {
  const found = rabbitmq.states[name]
  if (found === undefined) throw new Error(`There is no ${name}.`)
  return found
}

const ALL = ['.*', '.*', '.*']

interface Row {
  state: string
  given: Parameters<typeof plannedOn>[2]
  shows: Record<string, unknown>
}

const ROWS: Row[] = [
  {
    state: 'rabbitmq_user.present',
    given: { name: 'butler', password: 'right', tags: ['administrator'], perms: [{ butler_vhost: ALL }] },
    shows: {},
  },
  {
    state: 'rabbitmq_user.present',
    given: { name: 'butler', password: 'x', force: true },
    shows: { password: 'changed' },
  },
  {
    state: 'rabbitmq_user.present',
    given: { name: 'butler', tags: ['monitoring'], perms: { butler_vhost: ['', '.*', '.*'] } },
    shows: {
      tags: { old: ['administrator'], new: ['monitoring'] },
      'permissions in butler_vhost': { old: '.* .* .*', new: ' .* .*' },
    },
  },
  { state: 'rabbitmq_user.present', given: { name: 'new', password: 'x' }, shows: { user: { old: '', new: 'new' } } },
  { state: 'rabbitmq_user.absent', given: { name: 'guest' }, shows: { user: { old: 'guest', new: '' } } },
  { state: 'rabbitmq_user.absent', given: { name: 'ghost' }, shows: {} },
  { state: 'rabbitmq_vhost.present', given: { name: 'butler_vhost' }, shows: {} },
  { state: 'rabbitmq_vhost.present', given: { name: 'new' }, shows: { vhost: { old: '', new: 'new' } } },
  {
    state: 'rabbitmq_vhost.absent',
    given: { name: 'butler_vhost' },
    shows: { vhost: { old: 'butler_vhost', new: '' } },
  },
  { state: 'rabbitmq_vhost.absent', given: { name: 'ghost' }, shows: {} },
  { state: 'rabbitmq_plugin.enabled', given: { name: 'rabbitmq_management' }, shows: {} },
  {
    state: 'rabbitmq_plugin.enabled',
    given: { name: 'rabbitmq_shovel' },
    shows: { plugin: { old: 'disabled', new: 'enabled' } },
  },
  {
    state: 'rabbitmq_plugin.disabled',
    given: { name: 'rabbitmq_management' },
    shows: { plugin: { old: 'enabled', new: 'disabled' } },
  },
  {
    state: 'rabbitmq_policy.present',
    given: {
      name: 'short',
      vhost: 'butler_vhost',
      pattern: '^celeryev',
      apply_to: 'queues',
      definition: { expires: 60000 },
    },
    shows: {},
  },
  {
    state: 'rabbitmq_policy.present',
    given: {
      name: 'short',
      vhost: 'butler_vhost',
      pattern: '^celeryev',
      apply_to: 'queues',
      definition: { expires: 1 },
    },
    shows: { policy: { old: '^celeryev {"expires":60000} queues 0', new: '^celeryev {"expires":1} queues 0' } },
  },
  {
    state: 'rabbitmq_policy.absent',
    given: { name: 'short', vhost: 'butler_vhost' },
    shows: { policy: { old: 'short', new: '' } },
  },
]

for (const { state, given, shows } of ROWS) {
  t.test(`${state} ${JSON.stringify(given)}`, async (t) => {
    t.strictSame(shownOf(await plannedOn(recordedView(BROKER), stateOf(state), given)), shows)
  })
}

t.test('a wrong password is set again', async (t) => {
  const present = stateOf('rabbitmq_user.present')
  const wrong = await plannedOn(recordedView(BROKER), present, { name: 'butler', password: 'x' })
  t.strictSame(shownOf(wrong), { password: 'changed' })
  const asked = await plannedOn(recordedView(BROKER), present, { name: 'guest', password: 'right' })
  t.strictSame(shownOf(asked), {}, 'the broker is asked where it hashes in another way')
  const refused = { ...BROKER, 'rabbitmqctl -q authenticate_user -- guest': { exitCode: 65 } }
  t.strictSame(shownOf(await plannedOn(recordedView(refused), present, { name: 'guest', password: 'x' })), {
    password: 'changed',
  })
})

t.test('no RabbitMQ, one that is down, and a plugin that it has not', async (t) => {
  const vhost = stateOf('rabbitmq_vhost.present')
  await t.rejects(plannedOn(recordedView({}), vhost, { name: 'x' }), { code: 'no-rabbitmqctl' })
  const down = { 'rabbitmqctl*': { exitCode: 69, stderr: 'Error: unable to perform an operation on node\nmore\n' } }
  await t.rejects(plannedOn(recordedView(down), vhost, { name: 'x' }), {
    code: 'no-broker',
    message: 'RabbitMQ does not answer: Error: unable to perform an operation on node',
  })
  await t.rejects(plannedOn(recordedView(BROKER), stateOf('rabbitmq_plugin.enabled'), { name: 'rabbitmq_managment' }), {
    code: 'unknown-plugin',
    hint: /rabbitmq_management/u,
  })
})

t.test('queues', async (t) => {
  if (listQueues.changes !== false) throw new Error('It only looks.')
  t.strictSame(await listQueues.run(recordedView(BROKER), { vhost: 'butler_vhost' }), {
    default: { messages: 3, consumers: 2 },
  })
})

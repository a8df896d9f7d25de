import t from 'tap'
import { UserErrors, type UserError } from '../../../core/errors.ts'
import { secretMarker } from '../../../core/secret.ts'
import { problemsOf } from '../../../master/desired/problems.ts'
import { Targets } from '../../../master/desired/targets.ts'
import { desiredOf, snapshotOf } from './fleet.ts'

const web = "say:\n  test.configurable_test_state:\n    - comment: '{{pillar.web.port}} on {{grains.id}}'\n"

t.test('roles are what the mapping and the token say, never what a minion claims', (t) => {
  const snapshot = snapshotOf(t, {
    base: { 'roles/mapping.yaml': "db: [db-server]\n'w*': [worker, client]\n'*1': client\n" },
  })
  const { desired } = desiredOf({
    db: { grains: { roles: ['worker'], os: 'Debian' } },
    w1: { grains: { id: 'db' }, tokenRoles: ['gpu', 'worker'] },
    x: { grains: {} },
  })
  t.same(desired.roles(snapshot, 'w1'), ['client', 'gpu', 'worker'])
  t.same(desired.grains(snapshot, 'db'), { os: 'Debian', id: 'db', roles: ['db-server'] })
  t.equal(desired.grains(snapshot, 'w1')['id'], 'w1', 'nor an id')
  t.same(desired.roles(snapshot, 'x'), [])
  t.throws(() => desired.grains(snapshot, 'y'), { code: 'never-connected' })
  t.end()
})

t.test(
  'pillar: defaults of the folders in use, roles, files by target, what is given; maps merge, lists replace',
  (t) => {
    const snapshot = snapshotOf(t, {
      base: {
        'roles/mapping.yaml': "'*': [web, net]\n",
        'roles/web.yaml': 'states: [web]\npillar: { web: { port: 80, hosts: [a, b] }, tier: front }\n',
        'roles/net.yaml': 'states: []\npillar: { web: { proxy: true } }\n',
        'states/web/init.yaml': 'include: [base.common] # all of it\n\nsay: test.nop\n',
        'states/web/defaults.yaml': 'web: { port: 1, root: /srv }\n',
        'states/base/common.yaml': 'common: test.nop\n',
        'states/base/defaults.yaml': 'base: { level: 1 }\n',
        'states/other/init.yaml': 'other: test.nop\n',
        'states/other/defaults.yaml': 'other: 1\n',
        'pillar/site.yaml': "target: '*'\npillar: { web: { hosts: [c] } }\n",
        'pillar/us.yaml': "target: 'I@tier:front and G@zone:us'\npillar: { zone: us }\n",
      },
      site: { 'states/web/defaults.yaml': 'web: { port: 2, root: /site }\n' },
    })
    const { desired } = desiredOf({ here: { grains: { zone: 'eu' } }, there: { grains: { zone: 'us' } } })
    const expected = {
      web: { port: 80, root: '/site', hosts: ['c'], proxy: true },
      base: { level: 1 },
      tier: 'front',
    }
    t.same(desired.pillar(snapshot, 'here'), expected)
    t.same(desired.pillar(snapshot, 'there'), { ...expected, zone: 'us' })
    t.match(desired.pillar(snapshot, 'here', { web: { port: 8080 } }), { web: { port: 8080, proxy: true } })
    t.match(desired.pillar(snapshot, 'here', {}, ['other']), { other: 1 })
    t.end()
  },
)

t.test('a highstate is all states of all roles, in order, each once', (t) => {
  const snapshot = snapshotOf(t, {
    base: {
      'roles/mapping.yaml': "'*': [b, a]\n",
      'roles/a.yaml': 'states: [one, two]\n',
      'roles/b.yaml': 'states: [two, three]\n',
      ...Object.fromEntries(['one', 'two', 'three'].map((name) => [`states/${name}.yaml`, `${name}: test.nop\n`])),
    },
  })
  const { desired } = desiredOf({ m: { grains: {} } })
  t.same(desired.highstate(snapshot, 'm'), ['one', 'two', 'three'])
  t.same(
    desired.low(snapshot, 'm', []).chunks.map(({ id }) => id),
    ['one', 'two', 'three'],
  )
  t.same(
    desired.low(snapshot, 'm', ['three']).chunks.map(({ id }) => id),
    ['three'],
  )
  t.equal(desired.low(snapshot, 'm', []), desired.low(snapshot, 'm', []), 'compiled once')
  t.end()
})

t.test('defaults are there for states that only rendering brings in', (t) => {
  const snapshot = snapshotOf(t, {
    base: {
      'roles/mapping.yaml': "'*': [a]\n",
      'roles/a.yaml': 'states: [a]\n',
      'states/a/init.yaml': "include:\n  - '{{#if true}}web{{/if}}'\na: test.nop\n",
      'states/web/init.yaml':
        'say:\n  test.configurable_test_state:\n    - comment: \'{{default pillar.web "none"}}\'\n',
      'states/web/defaults.yaml': 'web: its default\n',
    },
  })
  const { desired } = desiredOf({ m: { grains: {} } })
  t.match(desired.low(snapshot, 'm', []).chunks, [{ args: { comment: 'its default' } }, {}])
  t.end()
})

/** All errors of what is thrown. */
function errorsOf(work: () => unknown): readonly UserError[] {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof UserErrors) return thrown.errors
    if (thrown instanceof Error && 'code' in thrown) return [thrown as UserError]
    throw thrown
  }
  return []
}

t.test('what is wrong is told with its place and the way out', (t) => {
  const files = {
    'roles/mapping.yaml': "'*': [web]\n",
    'roles/web.yaml': 'states: [web]\n',
    'states/web.yaml': 'web: test.nop\n',
  }
  const cases: [string, Record<string, string>, object][] = [
    [
      'a role without a file',
      { 'roles/mapping.yaml': "\n'*': [wb]\n" },
      { code: 'missing-role', hint: "Did you mean 'web'?", at: { file: 'base/roles/mapping.yaml', line: 2 } },
    ],
    [
      'a state that is not there',
      { 'roles/web.yaml': 'states:\n  - web\n  - wbe\n' },
      { code: 'missing-state-file', hint: "Did you mean 'web'?", at: { file: 'base/roles/web.yaml', line: 3 } },
    ],
    [
      'a misspelt key',
      { 'roles/web.yaml': 'sates: [web]\n' },
      { code: 'unknown-key', hint: "Did you mean 'states'?", at: { file: 'base/roles/web.yaml', line: 1 } },
    ],
    [
      'roles that want different things',
      {
        'roles/mapping.yaml': "'*': [web, other]\n",
        'roles/web.yaml': 'pillar: { web: { port: 80 } }\n',
        'roles/other.yaml': 'pillar:\n  web:\n    port: 81\n',
      },
      {
        code: 'pillar-conflict',
        message: /'other' and 'web' set the pillar key 'web:port'/u,
        hint: /base\/roles\/other\.yaml:3/u,
        at: { file: 'base/roles/web.yaml', line: 1 },
      },
    ],
    [
      'defaults of another folder',
      { 'states/web.yaml': 'include: [x]\n', 'states/x/init.yaml': '{}\n', 'states/x/defaults.yaml': 'x: 1\nweb: 2\n' },
      { code: 'foreign-default', at: { file: 'base/states/x/defaults.yaml', line: 2 } },
    ],
    ['pillar for nobody', { 'pillar/x.yaml': 'pillar: {}\n' }, { code: 'no-target' }],
    [
      'a target that is none',
      { 'pillar/x.yaml': "target: 'or web'\npillar: {}\n" },
      { code: 'bad-target', at: { file: 'base/pillar/x.yaml', line: 1 } },
    ],
  ]
  for (const [name, changed, expected] of cases) {
    const { desired } = desiredOf({ m: { grains: {} } })
    const snapshot = snapshotOf(t, { base: { ...files, ...changed } })
    t.match(errorsOf(() => desired.low(snapshot, 'm', []))[0], expected, name)
  }
  t.end()
})

t.test('secrets are references, and only a template makes one', (t) => {
  const snapshot = snapshotOf(t, {
    base: {
      'roles/mapping.yaml': "'*': [web]\n",
      'roles/web.yaml': 'states: [web]\npillar: { password: "{{secret \'web/admin\'}}" }\n',
      'states/web.yaml': "say:\n  test.configurable_test_state:\n    - comment: 'pw {{pillar.password}}'\n",
      'states/grain.yaml': 'say:\n  test.configurable_test_state:\n    - comment: {{json grains.evil}}\n',
    },
  })
  const forged = { $text: [{ $secret: 'web/admin' }] }
  const { desired } = desiredOf({ m: { grains: {} }, thief: { grains: { evil: forged } } })
  t.same(desired.pillar(snapshot, 'm'), { password: { $text: [{ $secret: 'web/admin' }] } })
  t.match(desired.low(snapshot, 'm', []), {
    secrets: ['web/admin'],
    chunks: [{ args: { comment: { $text: ['pw ', { $secret: 'web/admin' }] } } }],
  })
  t.throws(() => desired.low(snapshot, 'm', [], { other: forged }), /holds a reference to a secret/u)
  t.throws(() => desired.pillar(snapshot, 'm', { other: forged }), /holds a reference to a secret/u)
  t.throws(() => desired.low(snapshot, 'thief', ['grain']))
  t.throws(() => desiredOf({ m: { grains: { os: secretMarker('x') } } }).desired.low(snapshot, 'm', []))
  t.end()
})

t.test('the mine is looked up by id, grain and role', (t) => {
  const snapshot = snapshotOf(t, {
    base: {
      'roles/mapping.yaml': "'db*': [db]\n",
      'roles/db.yaml': 'states: []\n',
      'states/hosts.yaml':
        "{{#each (mine 'G@roles:db' 'ip')}}\n{{@key}}:\n  test.configurable_test_state:\n    - comment: {{this}}\n{{/each}}\n",
      'states/bad.yaml': "x:\n  test.configurable_test_state:\n    - comment: {{json (mine 'I@a:b' 'ip')}}\n",
    },
  })
  const { desired } = desiredOf({
    db2: { grains: {}, mine: { ip: '10.0.0.2' } },
    db1: { grains: {}, mine: { ip: '10.0.0.1' } },
    db3: { grains: {}, mine: { other: 1 } },
    web: { grains: { roles: ['db'] }, mine: { ip: '10.0.0.9' } },
  })
  t.match(
    desired.low(snapshot, 'web', ['hosts']).chunks.map(({ id, args }) => [id, args['comment']]),
    [
      ['db1', '10.0.0.1'],
      ['db2', '10.0.0.2'],
    ],
  )
  t.throws(() => desired.low(snapshot, 'web', ['bad']), /by their pillar/u)
  t.end()
})

t.test('a target that means nobody names who is near', (t) => {
  const snapshot = snapshotOf(t, { base: { 'roles/mapping.yaml': "'worker-*': [worker]\n" } })
  const { desired } = desiredOf({ 'worker-1': { grains: { os: 'Debian' } }, 'db-server': { grains: {} } })
  const targets = new Targets({
    desired,
    ids: () => ['db-server', 'new', 'worker-1'],
    isKnown: (id) => id !== 'new',
  })
  t.same(targets.match(snapshot, { kind: 'glob', expression: '*' }), ['db-server', 'new', 'worker-1'])
  t.same(targets.match(snapshot, { kind: 'compound', expression: 'G@roles:worker or new' }), ['new', 'worker-1'])
  const cases = [
    ['glob', 'wroker-*', "Did you mean 'worker-1'?"],
    ['grain', 'roles:wroker', "Did you mean 'worker'?"],
    ['compound', 'G@os:Debain and *', "Did you mean 'Debian'?"],
    ['list', 'db-sever', "Did you mean 'db-server'?"],
  ] as const
  for (const [kind, expression, hint] of cases) {
    t.throws(() => targets.match(snapshot, { kind, expression }), { code: 'no-match', hint })
  }
  t.end()
})

t.test('a snapshot is refused for what it breaks, and for nothing else', async (t) => {
  const files = {
    'roles/mapping.yaml': "'*': [web]\n",
    'roles/web.yaml': 'states: [web]\npillar: { web: { port: 80 } }\n',
    'states/web.yaml': web,
    'states/web/files/odd.yaml': '\tthis: [is content\n',
  }
  const { desired } = desiredOf({ m: { grains: {} }, n: { grains: {} } })
  const options = { desired, ids: () => ['m', 'n'], orchestrations: () => [] }
  const inUse = snapshotOf(t, { base: files })
  t.same(await problemsOf(inUse, undefined, options), [])
  const broken = async (changed: Record<string, string>): Promise<readonly UserError[]> =>
    problemsOf(snapshotOf(t, { base: { ...files, ...changed } }), inUse, options)
  t.match(await broken({ 'states/unused.yaml': 'a:\n\tb: 1\n' }), [
    { at: { file: 'base/states/unused.yaml', line: 2 } },
  ])
  t.match(await broken({ 'states/unused.yaml': '{{#if x}}' }), [{ at: { file: 'base/states/unused.yaml' } }])
  t.match(await broken({ 'roles/unused.yaml': 'states: [wb]\n' }), [{ code: 'missing-state-file' }])
  t.match(await broken({ 'roles/mapping.yaml': "'*': [web]\nnobody: [wbe]\n" }), [
    { code: 'missing-role', at: { file: 'base/roles/mapping.yaml', line: 2 } },
  ])
  const undefinedKey = await broken({ 'roles/web.yaml': 'states: [web]\n' })
  t.equal(undefinedKey.length, 1, 'what is wrong for two minions is told once')
  t.match(undefinedKey, [{ at: { file: 'base/states/web.yaml', line: 3 } }])

  const already = snapshotOf(t, { base: { ...files, 'roles/web.yaml': 'states: [web]\n' } })
  const other = snapshotOf(t, { base: { ...files, 'roles/web.yaml': 'states: [web]\n', 'states/a.yaml': '{}\n' } })
  t.same(await problemsOf(other, already, options), [], 'it did not compile before either')
})

import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import type { Snapshot } from '../../../core/compile/snapshot.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { createDesired, type Made } from '../../../core/desired/create.ts'
import type { Desired } from '../../../core/desired/desired.ts'
import { errorsIn } from '../../../core/errors.ts'
import { catalog } from '../../../modules/catalog.ts'
import { snapshotOf } from '../compile/memory-snapshot.ts'

/** All that a low state may follow from. */
interface World {
  files: Record<string, string>
  grains: DataMap
  tokenRoles: string[]
  mine: Record<string, Data>
}

const WORLD: World = {
  files: {
    'roles/mapping.yaml': "'*': [web]\n",
    'roles/web.yaml': 'states: [web]\npillar: { web: { port: 80 } }\n',
    'roles/db.yaml': 'states: [db]\n',
    'states/web/init.yaml':
      "include: [web.more]\n\nsay:\n  test.configurable_test_state:\n    - comment: '{{map.package}} {{pillar.web.port}} {{grains.os}}'\n",
    'states/web/map.yaml':
      'default: { package: httpd }\nDebian: { package: apache2 }\nDebian-12: { package: apache2.4 }\n',
    'states/web/more.yaml':
      '{{> web/one}}\n{{#each (mine "G@os:Debian" "ip")}}\n{{@key}}-{{this}}: test.nop\n{{/each}}\n/tmp/index:\n  file.managed:\n    - source: butler://web/files/index\n',
    'states/web/one.hbs': 'one: test.nop\n',
    'states/web/files/index': 'hello\n',
    'states/web/defaults.yaml': 'web: { port: 1 }\n',
    'states/db/init.yaml': 'db: test.nop\n',
    'pillar/debian.yaml': "target: 'G@zone:eu'\npillar: { web: { port: 8080 } }\n",
  },
  grains: { os: 'Debian', os_family: 'Debian', zone: 'us', memory: 1 },
  tokenRoles: [],
  mine: { ip: '10.0.0.1' },
}

/** The world can be changed between two calls. */
function desiredIn(world: { now: World }): Desired {
  return createDesired({
    catalog,
    known: {
      grains: () => world.now.grains,
      tokenRoles: () => world.now.tokenRoles,
      mine: (alias) =>
        new Map(Object.entries(world.now.mine).flatMap(([key, value]) => (key === alias ? [['m', value]] : []))),
    },
  })
}

t.test('what nothing was asked of may change: the same low state is given out again', (t) => {
  const world = { now: WORLD }
  const desired = desiredIn(world)
  const low = (): unknown => desired.low(snapshotOf(world.now.files), 'm', [])
  const first = low()
  t.equal(low(), first)
  world.now = { ...WORLD, grains: { ...WORLD.grains, memory: 2, load: [1, 2] } }
  t.equal(low(), first, 'a grain that no template names')
  world.now = { ...WORLD, files: { ...WORLD.files, 'states/db/init.yaml': 'db: test.ping\n' } }
  t.equal(low(), first, 'a state file of another role')
  world.now = { ...WORLD, mine: { ...WORLD.mine, load: 3 } }
  t.equal(low(), first, 'a mine value that nobody looks up')
  t.end()
})

t.test('what was read may not', (t) => {
  const files = (more: Record<string, string>): World => ({ ...WORLD, files: { ...WORLD.files, ...more } })
  const changes: Record<string, World> = {
    'a grain that a template names': { ...WORLD, grains: { ...WORLD.grains, os: 'Ubuntu' } },
    'a grain that the map of platforms goes by': { ...WORLD, grains: { ...WORLD.grains, osfinger: 'Debian-12' } },
    'a grain that chooses a pillar file': { ...WORLD, grains: { ...WORLD.grains, zone: 'eu' } },
    'a role that came with its token': { ...WORLD, tokenRoles: ['db'] },
    'a mine value': { ...WORLD, mine: { ip: '10.0.0.2' } },
    'a partial': files({ 'states/web/one.hbs': 'two: test.nop\n' }),
    'a file that a state copies': files({ 'states/web/files/index': 'bye\n' }),
    'the mapping': files({ 'roles/mapping.yaml': "'*': [web, db]\n" }),
    'a role': files({ 'roles/web.yaml': 'states: [db]\n' }),
  }
  for (const [what, changed] of Object.entries(changes)) {
    const world = { now: WORLD }
    const desired = desiredIn(world)
    const first = desired.low(snapshotOf(WORLD.files), 'm', [])
    world.now = changed
    const fresh = desiredIn(world).low(snapshotOf(changed.files), 'm', [])
    t.notSame(fresh, first, `${what} makes another low state`)
    t.same(desired.low(snapshotOf(changed.files), 'm', []), fresh, what)
  }
  t.end()
})

t.test('however the world changes, what is remembered equals what would be made anew', (t) => {
  const grain = fc.constantFrom('os', 'osfinger', 'zone', 'memory', 'web')
  const value = fc.constantFrom<Data>('Debian', 'Debian-12', 'eu', 1, null)
  const path = fc.constantFrom(...Object.keys(WORLD.files), 'states/web/one.yaml', 'roles/more.yaml')
  const text = fc.constantFrom(...Object.values(WORLD.files), "'*': [db]\n", 'web: { port: 2 }\n', 'a: test.nop\n')
  const change = fc.oneof(
    fc.tuple(grain, value).map(([name, to]) => (world: World): World => ({
      ...world,
      grains: { ...world.grains, [name]: to },
    })),
    fc.tuple(path, text).map(([name, to]) => (world: World): World => ({
      ...world,
      files: { ...world.files, [name]: to },
    })),
    path.map((name) => ({ files, ...world }: World): World => {
      const { [name]: _, ...rest } = files
      return { ...world, files: rest }
    }),
    value.map((ip) => (world: World): World => ({ ...world, mine: { ip } })),
    fc.constant((world: World): World => ({ ...world, tokenRoles: ['db'] })),
    fc.constant((): World => WORLD),
  )
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
      const world = { now: WORLD }
      const desired = desiredIn(world)
      for (const next of changes) {
        world.now = next(world.now)
        const snapshot = snapshotOf(world.now.files)
        deepEqual(outcome(desired, snapshot), outcome(desiredIn(world), snapshot))
      }
    }),
    { numRuns: 200 },
  )
  t.end()
})

t.test('a grain may have any name', (t) => {
  for (const name of ['constructor', 'toString', '__proto__']) {
    const files = { ...WORLD.files, 'states/web/more.yaml': `{{default (lookup grains '${name}') 'none'}}: test.nop\n` }
    const world = { now: { ...WORLD, files } }
    const desired = desiredIn(world)
    const ids = (): string[] => desired.low(snapshotOf(files), 'm', []).chunks.map(({ id }) => id)
    t.ok(ids().includes('none'), name)
    const grains: DataMap = JSON.parse(JSON.stringify(WORLD.grains).replace('{', `{"${name}": "there", `))
    world.now = { ...world.now, grains }
    t.ok(ids().includes('there'), name)
  }
  t.end()
})

t.test('what was read is plain data: it holds after a way through JSON', (t) => {
  const kept = new Map<string, string>()
  const remembered = {
    get: (key: string): Made | undefined => {
      const text = kept.get(key)
      return text === undefined ? undefined : (JSON.parse(text) as Made)
    },
    set: (key: string, made: Made): void => void kept.set(key, JSON.stringify(made)),
  }
  const known = { grains: () => WORLD.grains, tokenRoles: () => [], mine: () => new Map<string, Data>([['m', 1]]) }
  const snapshot = snapshotOf(WORLD.files)
  const first = createDesired({ catalog, known, remembered }).low(snapshot, 'm', [])
  let compiled = 0
  const again = createDesired({
    catalog,
    known,
    remembered: { ...remembered, set: () => void compiled++ },
  }).low(snapshot, 'm', [])
  t.same(again, first)
  t.equal(compiled, 0)
  t.end()
})

function outcome(desired: Desired, snapshot: Snapshot): unknown {
  const made: { low?: unknown } = {}
  const errors = errorsIn(() => {
    made.low = desired.low(snapshot, 'm', [])
  })
  return { ...made, errors: errors.map((error) => error.toJSON()) }
}

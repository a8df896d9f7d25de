import fc from 'fast-check'
import t from 'tap'
import type { DataMap } from '../../../core/data.ts'
import { effectiveConfiguration } from '../../../tracker/model/effective.ts'

type Levels = (DataMap | undefined)[]

// What merging means, case by case: a list of levels, the first one lowest, and what comes out.
const MERGES: readonly [name: string, levels: Levels, merged: DataMap][] = [
  ['no level at all', [], {}],
  ['one empty level', [{}], {}],
  ['one level', [{ a: 1 }], { a: 1 }],
  ['two empty levels', [{}, {}], {}],
  ['an empty level over another', [{ a: 1 }, {}], { a: 1 }],
  ['a level over an empty one', [{}, { a: 1 }], { a: 1 }],
  ['different keys', [{ a: 1 }, { b: 2 }], { a: 1, b: 2 }],
  ['the same key: the later one', [{ a: 1 }, { a: 2 }], { a: 2 }],
  ['the same key twice over', [{ a: 1 }, { a: 2 }, { a: 3 }], { a: 3 }],
  ['maps merge in depth', [{ a: { b: { c: 1, d: 1 } } }, { a: { b: { c: 2 } } }], { a: { b: { c: 2, d: 1 } } }],
  ['a key is added in depth', [{ a: { b: 1 } }, { a: { c: 2 } }], { a: { b: 1, c: 2 } }],
  ['an empty map clears nothing', [{ a: { b: 1 } }, { a: {} }], { a: { b: 1 } }],
  ['a list replaces a list', [{ a: [1, 2] }, { a: [3] }], { a: [3] }],
  ['an empty list replaces a list', [{ a: [1, 2] }, { a: [] }], { a: [] }],
  ['maps in lists do not merge', [{ a: [{ b: 1 }] }, { a: [{ c: 2 }] }], { a: [{ c: 2 }] }],
  ['a scalar replaces a map', [{ a: { b: 1 } }, { a: 2 }], { a: 2 }],
  ['null is a value and replaces', [{ a: { b: 1 } }, { a: null }], { a: null }],
  ['a map replaces null', [{ a: null }, { a: { b: 1 } }], { a: { b: 1 } }],
  ['a map replaces a scalar', [{ a: 1 }, { a: { b: 2 } }], { a: { b: 2 } }],
  ['a map replaces a list', [{ a: [1] }, { a: { b: 2 } }], { a: { b: 2 } }],
]

for (const [name, levels, merged] of MERGES) {
  t.test(name, async (t) => t.strictSame(effectiveConfiguration(levels), merged))
}

// Workflow, analysis, run: each level may be without a configuration, and that wipes nothing.
const LEVELS: readonly [name: string, levels: Levels, merged: DataMap][] = [
  ['only the workflow', [{ m: 'workflow' }, undefined, undefined], { m: 'workflow' }],
  ['only the analysis', [undefined, { m: 'analysis' }, undefined], { m: 'analysis' }],
  ['only the run', [undefined, undefined, { m: 'run' }], { m: 'run' }],
  ['the analysis over the workflow', [{ m: 'workflow' }, { m: 'analysis' }, undefined], { m: 'analysis' }],
  ['the run over both', [{ m: 'workflow' }, { m: 'analysis' }, { m: 'run' }], { m: 'run' }],
  ['a gap between two', [{ a: 1 }, undefined, { b: 2 }], { a: 1, b: 2 }],
]

for (const [name, levels, merged] of LEVELS) {
  t.test(`effective: ${name}`, async (t) => t.strictSame(effectiveConfiguration(levels), merged))
}

t.test('a key called __proto__ is a key like any other', async (t) => {
  const level: DataMap = JSON.parse('{"__proto__": {"polluted": true}}')
  const merged = effectiveConfiguration([{}, level])
  t.strictSame(Object.keys(merged), ['__proto__'])
  t.notOk('polluted' in {})
})

t.test('a level over itself changes nothing', async () => {
  const level = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.integer(),
        fc.constant(null),
        fc.array(fc.integer(), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2 }),
      ),
    })).value,
  )
  fc.assert(
    fc.property(level, level, (lower, upper) => {
      const [a, b] = [JSON.parse(JSON.stringify(lower)), JSON.parse(JSON.stringify(upper))]
      return (
        equal(effectiveConfiguration([a, a]), a) &&
        equal(effectiveConfiguration([a, b, b]), effectiveConfiguration([a, b]))
      )
    }),
  )
})

function equal(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

import fc from 'fast-check'
import t from 'tap'
import { compile } from '../../../core/compile/compile.ts'
import type { LowState } from '../../../core/compile/low.ts'
import { userErrorsOf } from '../../../core/errors.ts'
import { catalog } from './catalog.ts'
import { snapshotOf } from './memory-snapshot.ts'

const minion = { id: 'm1', grains: { os: 'Debian' }, roles: ['web'], pillar: { list: [1, 2], map: { a: 'b' } } }

function compiled(files: Record<string, string>): LowState {
  return compile({ snapshot: snapshotOf(files), apply: ['main'], catalog, minion, mine: () => ({}) })
}

/** The low state, or the codes of the errors. Throws what is a bug. */
function outcome(files: Record<string, string>): LowState | string[] {
  try {
    return compiled(files)
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return errors.map(({ code }) => code)
  }
}

const KINDS = ['require', 'watch', 'onchanges', 'onfail', 'require_any', 'prereq'] as const

interface State {
  /** Requisites on states with a lower number, so that there is no cycle. */
  on: { kind: (typeof KINDS)[number]; below: number }[]
  order: number | 'first' | 'last' | undefined
}

/** States without cycles; the file shuffles them. */
const states = fc.array(
  fc.record<State>({
    on: fc.array(fc.record({ kind: fc.constantFrom(...KINDS), below: fc.nat() }), { maxLength: 3 }),
    order: fc.option(
      fc.oneof(fc.constantFrom('first' as const, 'last' as const), fc.integer({ min: -5, max: 20_000 })),
      {
        nil: undefined,
      },
    ),
  }),
  { minLength: 1, maxLength: 20 },
)

function fileOf(all: readonly State[], positions: readonly number[]): string {
  return positions
    .map((index) => {
      const { on, order } = all[index] ?? { on: [], order: undefined }
      const lines = on.flatMap(({ kind, below }) => (index === 0 ? [] : [`    - ${kind}: [{test: s${below % index}}]`]))
      const ordered = order === undefined ? [] : [`    - order: ${order}`]
      return [`s${index}:`, '  test.nop:', ...lines, ...ordered, '    - name: x'].join('\n')
    })
    .join('\n')
}

const shuffled = states.chain((all) =>
  fc.record({
    all: fc.constant(all),
    positions: fc.shuffledSubarray([...all.keys()], { minLength: all.length, maxLength: all.length }),
  }),
)

t.test('every requisite comes before what requires it, but a prereq before its target', async (t) => {
  fc.assert(
    fc.property(shuffled, ({ all, positions }) => {
      const made = outcome({ 'states/main.yaml': fileOf(all, positions) })
      // With a prereq the other way round some of these are cycles.
      if (Array.isArray(made)) {
        t.strictSame([...new Set(made)], ['requisite-cycle'])
        t.ok(all.some(({ on }) => on.some(({ kind }) => kind === 'prereq')))
        return
      }
      t.equal(made.chunks.length, all.length)
      for (const [index, { requisites }] of made.chunks.entries()) {
        for (const { kind, targets } of requisites) {
          for (const target of targets) t.ok(kind === 'prereq' ? target > index : target < index)
        }
      }
    }),
    { numRuns: 200 },
  )
})

t.test('a further state at the end, to which nothing refers, runs last and moves no other', async (t) => {
  fc.assert(
    fc.property(shuffled, ({ all, positions }) => {
      const file = fileOf(
        all.map((one) => ({ ...one, order: undefined })),
        positions,
      )
      const made = outcome({ 'states/main.yaml': file })
      const more = outcome({ 'states/main.yaml': `${file}\nlast: {test.nop: []}\n` })
      if (Array.isArray(made) || Array.isArray(more)) return t.strictSame(more, made)
      return t.strictSame(
        more.chunks.map(({ id }) => id),
        [...made.chunks.map(({ id }) => id), 'last'],
      )
    }),
    { numRuns: 100 },
  )
})

t.test('without requisites and order the run follows the file', async (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/u), { minLength: 1, maxLength: 20 }), (ids) => {
      const reserved = new Set(['include', 'extend', 'exclude'])
      const own = ids.filter((id) => !reserved.has(id))
      const made = compiled({ 'states/main.yaml': own.map((id) => `'${id}': {test.nop: []}`).join('\n') })
      t.strictSame(
        made.chunks.map(({ id }) => id),
        own,
      )
    }),
    { numRuns: 100 },
  )
})

t.test('the same input gives the same low state', async (t) => {
  fc.assert(
    fc.property(shuffled, ({ all, positions }) => {
      const files = { 'states/main.yaml': fileOf(all, positions) }
      t.strictSame(outcome(files), outcome(files))
    }),
    { numRuns: 50 },
  )
})

const PIECES = [
  'a:\n  test.nop:\n    - require: [{test: a}]\ninclude: [main]\nextend:\nexclude: [{id: a}]\nnames: [x, y]\norder: last',
  '{{#each pillar.list}} {{/each}} {{#if  {{/if}} {{else}} {{this}} {{pillar.map.a}} {{json pillar}} {{ }}',
  "{{indent 2 (yaml pillar)}} {{secret 'x'}} {{{{raw}}}} \\{{ {% {# \uE0B2 \uE0B0 : [ ] { } ' test.nop cmd.run",
]
  .flatMap((line) => line.split(/(?<=\n)| /u))
  .concat('\n', '    - ', '  ', ': ')

t.test('any text gives a low state or errors, never a bug', async () => {
  const piece = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom(...PIECES))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      outcome({ 'states/main.yaml': pieces.join('') })
    }),
    { numRuns: 1000 },
  )
})

t.test('a value from the pillar never changes the structure of the file it stands in', async (t) => {
  const places = ['- {{pillar.v}}', "- '{{pillar.v}}'", '- "{{pillar.v}}"', '- x{{pillar.v}}y', '- [{{pillar.v}}]']
  const value = fc.oneof(fc.string({ maxLength: 8 }), fc.stringMatching(/^[-:#'"{}[\],&*!|>%@ \n\ta]{0,6}$/u))
  fc.assert(
    fc.property(value, fc.constantFrom(...places), (v, place) => {
      const file = `a:\n  test.nop:\n    - name: safe\n  cmd.run:\n    - unless:\n      ${place}\n    - name: after\n`
      const withValue = { ...minion, pillar: { v } }
      try {
        const low = compile({
          snapshot: snapshotOf({ 'states/main.yaml': file }),
          apply: ['main'],
          catalog,
          minion: withValue,
          mine: () => ({}),
        })
        t.strictSame(
          low.chunks.map(({ name }) => name),
          ['safe', 'after'],
        )
        const [guard] = low.chunks[1]?.guards.unless ?? []
        if (guard !== undefined && 'command' in guard)
          t.ok(guard.command.includes(v) || typeof guard.command === 'string')
      } catch (thrown) {
        const codes = userErrorsOf(thrown)?.map(({ code }) => code)
        if (codes === undefined) throw thrown
        // A number or null is no command; everything else is told as what it breaks.
        t.ok(
          codes.every((code) => ['breaks-yaml', 'bad-guard', 'not-finite'].includes(code)),
          codes.join(),
        )
      }
    }),
    { numRuns: 500 },
  )
})

t.test('a deep template, a long line and a large loop are bounded', async (t) => {
  const deep = `${'{{#if true}}'.repeat(20_000)}a: {test.nop: []}${'{{/if}}'.repeat(20_000)}`
  const nested = `a: {test.nop: [{name: "{{${'(not '.repeat(20_000)}true${')'.repeat(20_000)}}}"}]}`
  const growing = `{{#each pillar.list}}`.repeat(30) + 'aaaaaaaaaaaaaaaaaaaa' + '{{/each}}'.repeat(30)
  for (const text of [deep, nested]) t.ok(outcome({ 'states/main.yaml': text }))
  t.ok(outcome({ 'states/main.yaml': growing.replaceAll('pillar.list', '@root.pillar.list') }))
})

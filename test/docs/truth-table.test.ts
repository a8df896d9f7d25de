import { readFileSync } from 'node:fs'
import t from 'tap'
import type { ChunkResult } from '../../core/run/result.ts'
import { apply, plan } from '../modules/applied.ts'

// The truth tables of the guide are what happens: when applied and when planned, written at the one that waits and, as an
// `_in` form, at the ones that it waits for.

const TARGETS: Readonly<Record<string, (id: string, more: string) => string>> = {
  unchanged: (id, more) => stateOf(id, 'test.succeed_without_changes', more),
  changed: (id, more) => stateOf(id, 'test.succeed_with_changes', more),
  failed: (id, more) => stateOf(id, 'test.fail_without_changes', more),
  'kept from running': (id, more) =>
    stateOf('culprit', 'test.fail_without_changes') + stateOf(id, 'test.nop', `    - require: [culprit]\n${more}`),
  'skipped by a guard': (id, more) => stateOf(id, 'test.succeed_with_changes', `    - unless: true\n${more}`),
}

const all = tablesIn(readFileSync('docs/language.md', 'utf8'))
const tables = all.filter(([head]) => head?.[0] === 'requisite')
const planned = cellsOf(all.filter(([head]) => head?.[0] === 'in a plan'))
const HAVE_IN = new Set(['require', 'watch', 'onchanges', 'onfail', 'prereq', 'listen'])

t.test('all requisites are in the tables', async (t) => {
  const told = tables.flatMap(([, ...rows]) => rows.map(([kind]) => kind))
  const kinds = 'require watch listen onchanges onfail prereq require_any watch_any onchanges_any onfail_any onfail_all'
  for (const kind of kinds.split(' ')) t.ok(told.includes(`\`${kind}\``), kind)
})

for (const [cell, expected] of cellsOf(tables)) {
  t.test(cell, async (t) => {
    const [kind = '', column = ''] = cell.split(': ')
    for (const yaml of [waiting(kind, column), ...(HAVE_IN.has(kind) ? [awaited(kind, column)] : [])]) {
      t.equal(inWords(await apply(yaml)), expected, `applied\n${yaml}`)
      t.equal(inWords(await plan(yaml)), planned.get(cell) ?? expected, `planned\n${yaml}`)
    }
  })
}

for (const [cell, expected] of planned) {
  t.test(`in a plan, ${cell}`, async (t) => {
    const [kind = '', column = ''] = cell.split(': ')
    t.equal(inWords(await plan(waiting(kind, column))), expected)
  })
}

/** `- require: [target]` at the one that waits. */
function waiting(kind: string, column: string): string {
  const words = column.split(', ')
  const targets = words.map((word, index) => TARGETS[word]?.(`target-${index}`, ''))
  const ids = words.map((_, index) => `target-${index}`).join(', ')
  return `${targets.join('')}${stateOf('dependent', 'test.nop', `    - ${kind}: [${ids}]\n`)}`
}

/** `- require_in: [dependent]` at each target. */
function awaited(kind: string, column: string): string {
  const more = `    - ${kind}_in: [dependent]\n`
  const targets = column.split(', ').map((word, index) => TARGETS[word]?.(`target-${index}`, more))
  return `${targets.join('')}${stateOf('dependent', 'test.nop')}`
}

function stateOf(id: string, called: string, more = ''): string {
  return `${id}:\n  ${called}:\n    - name: ${id}\n${more}`
}

/** What became of the one that waits, in the words of the tables. */
function inWords(results: readonly ChunkResult[]): string {
  const dependent = results.find(({ id }) => id === 'dependent')
  if (dependent === undefined) return 'nothing'
  if (!dependent.ran) return dependent.result === false ? 'fails' : 'skipped'
  if (dependent.comment.startsWith('Would run only if')) return 'in case'
  const target = results.find(({ id }) => id === 'target-0')
  if (target !== undefined && dependent.order < target.order) return 'runs before it'
  if (dependent.mod_watch) return 'runs, reacts'
  return results.some(({ listener }) => listener) ? 'runs, reacts at the end' : 'runs'
}

/** `require: changed, failed` -> `fails`. */
function cellsOf(some: readonly string[][][]): ReadonlyMap<string, string> {
  const cells = new Map<string, string>()
  for (const [head = [], ...rows] of some) {
    for (const [name = '', ...words] of rows) {
      for (const [index, word] of words.entries()) cells.set(`${name.replaceAll('`', '')}: ${head[index + 1]}`, word)
    }
  }
  return cells
}

/** The tables of a document: rows of cells, the head first. */
function tablesIn(document: string): string[][][] {
  return document
    .split(/\n(?!\|)/u)
    .map((part) => part.split('\n').filter((line) => line.startsWith('|') && !/^[|\s-]+$/u.test(line)))
    .filter((rows) => rows.length > 0)
    .map((rows) =>
      rows.map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((text) => text.trim()),
      ),
    )
}

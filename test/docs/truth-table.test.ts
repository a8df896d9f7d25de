import { readFileSync } from 'node:fs'
import t from 'tap'
import { apply } from '../modules/applied.ts'

// The truth tables of the guide are what happens.

const TARGETS: Readonly<Record<string, (id: string) => string>> = {
  unchanged: (id) => `${id}: test.succeed_without_changes\n`,
  changed: (id) => `${id}: test.succeed_with_changes\n`,
  failed: (id) => `${id}: test.fail_without_changes\n`,
  'kept from running': (id) => `culprit: test.fail_without_changes\n${id}:\n  test.nop:\n    - require: [culprit]\n`,
  'skipped by a guard': (id) => `${id}:\n  test.succeed_with_changes:\n    - unless: true\n`,
}

const tables = tablesIn(readFileSync('docs/language.md', 'utf8')).filter(([head]) => head?.[0] === 'requisite')

t.test('all requisites are in the tables', async (t) => {
  const told = tables.flatMap(([, ...rows]) => rows.map(([kind]) => kind))
  const kinds = 'require watch listen onchanges onfail prereq require_any watch_any onchanges_any onfail_any onfail_all'
  for (const kind of kinds.split(' ')) t.ok(told.includes(`\`${kind}\``), kind)
})

for (const [[, ...columns] = [], ...rows] of tables) {
  for (const [name = '', ...cells] of rows) {
    const kind = name.replaceAll('`', '')
    t.test(`${kind}: ${columns.join('; ')}`, async (t) => {
      for (const [index, column] of columns.entries()) t.equal(await whatHappens(kind, column), cells[index], column)
    })
  }
}

/** What becomes of a state with this requisite to targets of which this has become. */
async function whatHappens(kind: string, column: string): Promise<string> {
  const ids = column.split(', ').map((_, index) => `target-${index}`)
  const targets = column.split(', ').map((word, index) => TARGETS[word]?.(`target-${index}`))
  const results = await apply(`${targets.join('')}dependent:\n  test.nop:\n    - ${kind}: [${ids.join(', ')}]\n`)
  const dependent = results.find(({ id }) => id === 'dependent')
  if (dependent === undefined) return 'nothing'
  if (!dependent.ran) return dependent.result === false ? 'fails' : 'skipped'
  const target = results.find(({ id }) => id === 'target-0')
  if (target !== undefined && dependent.order < target.order) return 'runs before it'
  if (dependent.mod_watch) return 'runs, reacts'
  return results.some(({ listener }) => listener) ? 'runs, reacts at the end' : 'runs'
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

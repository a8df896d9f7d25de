import { readFileSync } from 'node:fs'
import t from 'tap'
import type { DataMap } from '../../../core/data.ts'
import { UserError } from '../../../core/errors.ts'
import { parseTarget } from '../../../core/target/match.ts'
import type { TargetKind } from '../../../core/target/target.ts'

// What real Salt matches, and what it finds malformed.
interface Row {
  type: TargetKind
  target: string
  minions: string[]
  invalid?: true
}

const FOLDER = new URL('../../conformance/targets/', import.meta.url)
const minions = read('minions.json') as Record<string, { grains: DataMap; pillar: DataMap }>
const rows = read('expected.json') as Row[]

for (const { type, target, minions: expected, invalid } of rows) {
  t.test(`${type} ${target}`, async (t) => {
    if (invalid === true) t.throws(() => matched(type, target), UserError)
    else t.strictSame(matched(type, target).toSorted(), expected)
  })
}

function matched(kind: TargetKind, expression: string): string[] {
  const matcher = parseTarget({ kind, expression })
  return Object.entries(minions).flatMap(([id, facts]) => (matcher({ id, ...facts }) ? [id] : []))
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}

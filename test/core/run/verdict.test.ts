import t from 'tap'
import type { RequisiteKind } from '../../../core/compile/low.ts'
import { type Ended, verdictOf } from '../../../core/run/verdict.ts'

const ENDS = {
  same: { result: true, changed: false },
  changed: { result: true, changed: true },
  failed: { result: false, changed: false },
  half: { result: false, changed: true },
  would: { result: null, changed: true },
  passed: { result: true, changed: false, passedOver: true },
  blocked: { result: false, changed: false, passedOver: true },
} satisfies Record<string, Ended>

type Name = keyof typeof ENDS

/** What a chunk does whose targets ended so. Chunks that are skipped by a guard or by onchanges ended as `same`. */
const TABLE: Partial<Record<RequisiteKind, Record<string, string>>> = {
  require: {
    same: 'runs',
    changed: 'runs',
    failed: 'requisite',
    half: 'requisite',
    would: 'runs',
    'same failed': 'requisite',
    'changed would': 'runs',
  },
  require_any: {
    same: 'runs',
    failed: 'requisite',
    'same failed': 'runs',
    'failed half': 'requisite',
    'failed would': 'runs',
    passed: 'runs',
    'passed failed': 'requisite',
  },
  watch: {
    same: 'runs',
    changed: 'runs fired',
    failed: 'requisite',
    half: 'requisite',
    would: 'runs fired',
    'same changed': 'runs fired',
    'changed failed': 'requisite',
  },
  watch_any: {
    same: 'runs',
    changed: 'runs fired',
    failed: 'requisite',
    'changed failed': 'runs fired',
    'same half': 'runs',
    'failed half': 'requisite',
  },
  onchanges: {
    same: 'onchanges',
    changed: 'runs',
    failed: 'onchanges',
    half: 'onchanges',
    would: 'runs',
    'same changed': 'runs',
    'same failed': 'onchanges',
    'changed failed': 'runs',
  },
  onchanges_any: {
    same: 'onchanges',
    changed: 'runs',
    'same changed': 'runs',
    'changed failed': 'runs',
    half: 'onchanges',
  },
  onfail: {
    same: 'onfail',
    changed: 'onfail',
    failed: 'runs',
    half: 'runs',
    would: 'runs unsure',
    'same failed': 'runs',
    blocked: 'runs',
    'same blocked': 'onfail',
    'failed blocked': 'runs',
  },
  onfail_any: { same: 'onfail', failed: 'runs', 'same failed': 'runs', 'same would': 'runs unsure' },
  onfail_all: {
    same: 'onfail',
    failed: 'runs',
    'same failed': 'onfail',
    'failed half': 'runs',
    'failed would': 'runs unsure',
  },
  listen: { failed: 'runs', changed: 'runs' },
  prereq: { failed: 'runs' },
}

for (const [kind, rows] of Object.entries(TABLE)) {
  t.test(kind, async (t) => {
    for (const [targets, expected] of Object.entries(rows)) {
      t.equal(decided([{ kind: kind as RequisiteKind, targets }]), expected, targets)
    }
  })
}

t.test('several kinds together', async (t) => {
  t.equal(both(['onfail', 'failed'], ['require', 'failed']), 'requisite')
  t.equal(both(['onchanges', 'same'], ['require', 'failed']), 'requisite')
  t.equal(both(['onchanges', 'same'], ['watch', 'changed']), 'onchanges')
  t.equal(both(['onchanges', 'changed'], ['watch', 'changed']), 'runs fired')
  t.equal(both(['onfail', 'same'], ['onchanges', 'same']), 'onfail')
  t.equal(both(['onfail', 'same'], ['onchanges', 'changed']), 'onfail')
  t.equal(both(['onfail', 'same'], ['watch', 'changed']), 'onfail')
  t.equal(both(['onfail', 'same'], ['onchanges', 'changed'], ['watch', 'changed']), 'runs fired')
})

t.test('it says which and why', async (t) => {
  const verdict = verdictOf(
    [{ kind: 'require', targets: [0, 1] }],
    (position) => [ENDS.failed, ENDS.same][position],
    String,
  )
  t.match(verdict, {
    runs: false,
    result: false,
    comment: 'One or more requisite failed: 0',
    why: ['require 0 failed, 1 succeeded without changes'],
  })
  const unknown = verdictOf([{ kind: 'require', targets: [0] }], () => undefined, String)
  t.match(unknown, { runs: true }, 'a chunk that was never run decides nothing')
})

function decided(requisites: { kind: RequisiteKind; targets: string }[]): string {
  const ends: Ended[] = []
  const positions = requisites.map(({ kind, targets }) => ({
    kind,
    targets: targets.split(' ').map((name) => ends.push(ENDS[name as Name]) - 1),
  }))
  const verdict = verdictOf(positions, (position) => ends[position], String)
  if (!verdict.runs) return verdict.by
  return ['runs', verdict.fired.length > 0 ? 'fired' : '', verdict.unsure ? 'unsure' : ''].filter(Boolean).join(' ')
}

function both(...kinds: [RequisiteKind, string][]): string {
  return decided(kinds.map(([kind, targets]) => ({ kind, targets })))
}

import fc from 'fast-check'
import t from 'tap'
import { UserError } from '../../../core/errors.ts'
import { matches, parseTarget } from '../../../core/target/match.ts'

const minion = {
  id: 'web-1.example.org',
  grains: {
    os: 'Debian',
    roles: ['web', 'edge'],
    net: { dc: 'north' },
    ipv4: ['10.0.1.11'],
    ipv6: ['fd00::1'],
    none: null,
  },
  pillar: { 'a/b': 1, path: { x: { y: 'z' } } },
}

t.test('what compound expressions mean', async (t) => {
  const cases: [string, boolean][] = [
    ['web-1*', true],
    ['G@roles:edge', true],
    ['G@OS:debian', false],
    ['G@os:debian', true],
    ['G@net:dc:n*', true],
    ['G|@net|dc|north', true],
    ['I@path:x:y:z', true],
    ['I@path:*:y:z', true],
    ['S@10.0.0.0/16', true],
    ['S@10.0.0.0/255.255.0.0', true],
    ['S@fd00::/8', true],
    ['S@fd00:0::1', true],
    ['P@roles:^e', true],
    ['J@path:x:y:[a-z]$', true],
    ['L@a,web-1.example.org', true],
    ['* not web-*', false],
    ['not db* and ( E@web or x )', true],
    ['x or y and *', false],
    ['web-1', false],
    ['X@y', false],
  ]
  for (const [expression, expected] of cases)
    t.equal(matches({ kind: 'compound', expression }, minion), expected, expression)
})

t.test('what is malformed is told, at its place', async (t) => {
  for (const expression of [
    '',
    'and',
    'a and',
    'a b',
    '( a',
    'a )',
    'not',
    'E@(',
    'S@10.0.1.11/24',
    'S@300.1.1.1',
    'N@group',
    'R@x',
  ]) {
    t.throws(() => parseTarget({ kind: 'compound', expression }, { file: 'roles/x.yaml', line: 3 }), {
      code: 'bad-target',
      at: { file: 'roles/x.yaml', line: 3 },
    })
  }
})

t.test('any text is a target or malformed, never a bug', async () => {
  const word = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom('and', 'or', 'not', '(', ')', 'G@os:*', 'E@[', 'S@1.2.3.4', 'I@a:b', 'L@x,y', '[!a-', 'P@a:(', '*'),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      try {
        matches({ kind: 'compound', expression: words.join(' ') }, minion)
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown
      }
    }),
    { numRuns: 1000 },
  )
})

t.test('a parenthesis that lacks its space is an error, not a glob that matches nobody', async (t) => {
  for (const expression of ['not (web* or db*)', '( web*)', 'web*)', '(G@os:Debian )']) {
    t.throws(() => parseTarget({ kind: 'compound', expression }), { code: 'bad-target', message: /lacks a space/u })
  }
  t.ok(matches({ kind: 'compound', expression: 'not ( db* or E@(a|b) )' }, minion))
})

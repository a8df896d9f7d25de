import t from 'tap'
import type { StateOutput } from '../../../core/cli/state-output.ts'
import { formatRun } from '../../../core/run/format.ts'
import { formatReturn } from '../../../core/run/nested.ts'
import { type ChunkResult, type RunReport, summarize } from '../../../core/run/result.ts'

process.env['TZ'] = 'UTC'

const base: ChunkResult = {
  id: 'nginx',
  function: 'pkg.installed',
  name: 'nginx',
  sls: 'web',
  order: 0,
  result: true,
  ran: true,
  skipped: null,
  mod_watch: false,
  listener: false,
  changes: {},
  comment: 'All specified packages are already installed',
  started: '2026-01-02T11:51:05.707Z',
  duration_ms: 15.089,
}
const results: ChunkResult[] = [
  base,
  {
    ...base,
    id: '/etc/f',
    name: '/etc/f',
    function: 'file.managed',
    order: 1,
    comment: 'File /etc/f updated\nand more',
    changes: {
      diff: '--- old\n+++ new\n@@ -1 +1 @@\n-a\n+b',
      mode: { old: null, new: '0644' },
      list: ['x', { y: true }],
    },
  },
  {
    ...base,
    id: 'would',
    name: 'other',
    order: 2,
    result: null,
    changes: { it: 1 },
    comment: 'Would change: it',
    after: ['a'],
  },
  { ...base, id: 'failed', order: 3, result: false, comment: 'No', duration_ms: 1200, warnings: ['deprecated'] },
  { ...base, id: 'skipped', order: 4, ran: false, skipped: 'unless', comment: 'unless condition is true' },
]

const report: RunReport = {
  schema: 'butler.run/1',
  ok: false,
  test: false,
  errors: [],
  targets: { local: { outcome: 'failed', cause: '', jid: '', snapshot: '', results, summary: summarize(results, 7) } },
}

const text = (mode: StateOutput, color = false): string => formatRun(report, { mode, color })

t.test('mixed', async (t) => {
  t.equal(
    text('mixed'),
    `local:
  Name: nginx - Function: pkg.installed - Result: Clean - Started: 11:51:05.707000 - Duration: 15.089 ms
----------
          ID: /etc/f
    Function: file.managed
      Result: True
     Comment: File /etc/f updated
              and more
     Started: 11:51:05.707000
    Duration: 15.089 ms
     Changes:${'   '}
              ----------
              diff:
                  --- old
                  +++ new
                  @@ -1 +1 @@
                  -a
                  +b
              mode:
                  ----------
                  old:
                      None
                  new:
                      0644
              list:
                  - x
                  |_
                    ----------
                    y:
                        True
----------
          ID: would
    Function: pkg.installed
        Name: other
      Result: None
     Comment: Would change: it
     Started: 11:51:05.707000
    Duration: 15.089 ms
       After: a
     Changes:${'   '}
              ----------
              it:
                  1
----------
          ID: failed
    Function: pkg.installed
        Name: nginx
      Result: False
     Comment: No
     Started: 11:51:05.707000
    Duration: 1200 ms
    Warnings: deprecated
     Changes:${'   '}
  Name: nginx - Function: pkg.installed - Result: Clean - Started: 11:51:05.707000 - Duration: 15.089 ms

Summary for local
------------
Succeeded: 4 (unchanged=1, changed=2)
Failed:    1
Warnings:  1
------------
Total states run:     5
Total run time: 1.260 s

ok 1, changed 1, would change 1, skipped 1, failed 1, not run 2 (1.3 s)`,
  )
})

t.test('the other modes', async (t) => {
  t.equal(text('full').match(/^ {10}ID: /gmu)?.length, 5)
  t.equal(text('terse').match(/^ {2}Name: .* Result: (?:Clean|Changed|Differs|Failed) /gmu)?.length, 5)
  t.equal(text('changes').match(/^ {10}ID: /gmu)?.length, 3)
  t.notMatch(text('changes'), /Clean/u)
})

t.test('colours, diffs in their own', async (t) => {
  const colored = text('mixed', true)
  t.match(colored, '\u001B[32m                  +b\u001B[0m')
  t.match(colored, '\u001B[31m                  -a\u001B[0m')
  t.match(colored, '\u001B[36m                  @@ -1 +1 @@\u001B[0m')
  t.match(colored, '\u001B[31mFailed:    1\u001B[0m')
  t.notMatch(text('mixed'), '\u001B')
})

t.test('the answer of a function', async (t) => {
  t.equal(formatReturn('local', true), 'local:\n    True')
  t.equal(
    formatReturn('db', { a: [1, 'two\nlines'], b: {} }),
    'db:\n    ----------\n    a:\n        - 1\n        - two\n          lines\n    b:\n        ----------',
  )
})

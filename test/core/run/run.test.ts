import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RunEvent } from '../../../core/run/event.ts'
import { go, type Small } from './small.ts'

t.test('results, events and summary', async (t) => {
  const { results, events, summary } = await go({
    a: ['t.changed'],
    b: ['t.failed'],
    c: ['t.same', { refs: { require: ['b'] } }],
    d: ['t.half'],
  })
  t.match(results, [
    { id: 'a', function: 't.changed', order: 0, result: true, ran: true, changes: { it: { old: 1, new: 2 } } },
    { id: 'b', order: 1, result: false, ran: true, changes: {}, comment: 'it can not be' },
    { id: 'c', result: false, ran: false, skipped: 'requisite', comment: 'One or more requisite failed: main.b' },
    { id: 'd', result: false, comment: 'the first went well\nthe second did not' },
  ])
  t.same(results[3]?.changes, { first: 'done', part: true }, 'only what was really done')
  t.match(summary, { total: 4, succeeded: 1, changed: 2, would_change: 0, skipped: 1, failed: 3 })
  const kinds = events.filter((event) => event.type !== 'note').map((event) => event.type)
  const pair = ['chunk-started', 'chunk-ended']
  t.same(kinds, ['started', ...pair, ...pair, 'chunk-ended', ...pair])
  t.match(events[0], { chunks: 4, test: false, pid: process.pid })
})

t.test('a watch acts only when the state itself changed nothing', async (t) => {
  const { results, short } = await go({
    a: ['t.changed'],
    still: ['t.same', { refs: { watch: ['a'] } }],
    busy: ['t.changed', { refs: { watch: ['a'] } }],
    mute: ['t.mute', { refs: { watch: ['a'] } }],
    broken: ['t.failed', { refs: { watch: ['a'] } }],
  })
  t.same(short, ['a: true', 'still: true mod_watch', 'busy: true', 'mute: true', 'broken: false mod_watch'])
  t.match(results[1], { changes: { fired: 'yes' }, comment: 'it was told' })
  t.match(results[4], { comment: 'it can not be\nit was told' }, 'both its own result and that of the watch are needed')
})

t.test('listeners act once, at the end', async (t) => {
  const { results, short } = await go({
    service: ['t.same', { refs: { listen: ['a', 'b'] } }],
    a: ['t.changed'],
    b: ['t.half'],
    failed: ['t.failed', { refs: { listen: ['a'] } }],
    mute: ['t.mute', { refs: { listen: ['a'] } }],
    guarded: ['t.same', { refs: { listen: ['a'] }, guards: { unless: [{ command: 'true' }] } }],
    quiet: ['t.same', { refs: { listen: ['service'] } }],
  })
  t.same(short.slice(7), ['listener_service: true', 'listener_guarded: true unless'])
  t.match(results[7], { function: 't.mod_watch', listener: true, mod_watch: false, name: 'service', order: 7 })
})

t.test('fire_event tells when a state was done, or passed over', async (t) => {
  const small = {
    a: ['t.changed', { options: { fire_event: 'web/deployed' } }],
    b: ['t.failed', { name: 'its name', options: { fire_event: true } }],
    c: ['t.same', { refs: { require: ['b'] }, options: { fire_event: true } }],
    d: ['t.changed', { options: { fire_event: false } }],
  } satisfies Small
  t.same(fired((await go(small)).events), [
    { type: 'fired', tag: 'web/deployed', order: 0, id: 'a', result: true, changed: true },
    { type: 'fired', tag: 'its name', order: 1, id: 'b', result: false, changed: false },
    { type: 'fired', tag: 'c', order: 2, id: 'c', result: false, changed: false },
  ])
  t.same(fired((await go(small, { test: true })).events), [], 'a plan does nothing that could be told')
})

t.test('prereq looks ahead', async (t) => {
  const wouldChange = await go({ drain: ['t.same', { refs: { prereq: ['deploy'] } }], deploy: ['t.changed'] })
  t.same(wouldChange.short, ['drain: true', 'deploy: true'])
  t.match(wouldChange.results[0], { why: 'prereq main.deploy would change' })

  const nothing = await go({ drain: ['t.changed', { refs: { prereq: ['deploy'] } }], deploy: ['t.same'] })
  t.same(nothing.short, ['drain: true prereq', 'deploy: true'])

  const fails = await go({ drain: ['t.changed', { refs: { prereq: ['deploy'] } }], deploy: ['t.failed'] })
  t.same(fails.short, ['drain: false requisite', 'deploy: false'], 'the target shows its own failure')

  const blocked = await go({
    fetch: ['t.failed'],
    drain: ['t.changed', { refs: { prereq: ['deploy'] } }],
    deploy: ['t.changed', { refs: { require: ['fetch'] } }],
  })
  t.same(blocked.short, ['fetch: false', 'deploy: false requisite', 'drain: false requisite'])

  const notDrained = await go({ drain: ['t.failed', { refs: { prereq: ['deploy'] } }], deploy: ['t.changed'] })
  t.same(notDrained.short, ['drain: false', 'deploy: false prereq'], 'what must come first failed')

  const chain = await go({
    warn: ['t.same', { refs: { prereq: ['drain'] } }],
    drain: ['t.changed', { refs: { prereq: ['deploy'] } }],
    deploy: ['t.changed'],
  })
  t.same(chain.short, ['warn: true', 'drain: true', 'deploy: true'])

  const watching = await go({
    conf: ['t.changed'],
    drain: ['t.same', { refs: { prereq: ['service'] } }],
    service: ['t.same', { refs: { watch: ['conf'] } }],
  })
  t.same(watching.short, ['conf: true', 'drain: true', 'service: true mod_watch'], 'a watch that will fire is a change')
})

t.test('failhard ends the run, and nobody listens then', async (t) => {
  const { short, summary } = await go({
    a: ['t.changed'],
    b: ['t.failed', { options: { failhard: true } }],
    c: ['t.same', { refs: { listen: ['a'] } }],
  })
  t.same(short, ['a: true', 'b: false'])
  t.equal(summary['not_run'], 1)
  const { short: planned } = await go(
    { b: ['t.failed', { options: { failhard: true } }], c: ['t.same'] },
    { test: true },
  )
  t.same(planned, ['b: false', 'c: true'], 'a plan goes on, to show all there is')
})

t.test('guards', async (t) => {
  const dir = t.testdir({ there: '' })
  const { short, results } = await go({
    unless: ['t.changed', { guards: { unless: [{ command: 'true' }, { command: 'test -d /' }] } }],
    notAll: ['t.changed', { guards: { unless: [{ command: 'true' }, { command: 'false' }] } }],
    onlyif: ['t.changed', { guards: { onlyif: [{ command: 'true' }, { command: 'exit 3' }] } }],
    creates: ['t.changed', { guards: { creates: [join(dir, 'there')] } }],
    lacks: ['t.changed', { guards: { creates: [join(dir, 'there'), join(dir, 'not')] } }],
    asks: ['t.changed', { guards: { unless: [{ function: 't.yes', args: {} }] } }],
    key: ['t.changed', { guards: { onlyif: [{ function: 't.map', args: {}, get_return: 'a' }] } }],
    acts: ['t.changed', { guards: { onlyif: [{ function: 't.act', args: {} }] } }],
    none: ['t.changed', { guards: { unless: [{ command: 'no-such-program' }] } }],
    here: [
      't.changed',
      { guards: { onlyif: [{ command: `test "$PWD$X" = ${dir}1` }] }, options: { cwd: dir, env: { X: '1' } } },
    ],
  })
  t.same(short, [
    'unless: true unless',
    'notAll: true',
    'onlyif: true onlyif',
    'creates: true creates',
    'lacks: true',
    'asks: true unless',
    'key: true onlyif',
    'acts: false',
    'none: true',
    'here: true',
  ])
  t.equal(results[0]?.why, 'unless `true` ended with 0; unless `test -d /` ended with 0')
  t.equal(results[2]?.why, 'onlyif `true` ended with 0; onlyif `exit 3` ended with 3')
  t.match(results[5]?.why, /t\.yes answered true/u)
  t.match(results[7]?.comment, /can't ask t\.act/u)
})

t.test('check_cmd can fail a state and never mends one', async (t) => {
  const { short, results } = await go({
    good: ['t.changed', { options: { check_cmd: ['true'] } }],
    bad: ['t.changed', { options: { check_cmd: ['true', 'exit 4'] } }],
    failed: ['t.failed', { options: { check_cmd: ['true'] } }],
  })
  t.same(short, ['good: true', 'bad: false', 'failed: false'])
  t.match(results[1], { changes: { it: {} }, comment: /check_cmd determined the state failed: 'exit 4' ended with 4/u })
  const { short: planned } = await go({ bad: ['t.changed', { options: { check_cmd: ['false'] } }] }, { test: true })
  t.same(planned, ['bad: would change'])
})

t.test('retry', async (t) => {
  const log = join(t.testdir(), 'log')
  const until = (lines: number) => `echo x >> ${log}; test $(wc -l < ${log}) -ge ${lines}`
  const retry = { attempts: 3, until: true, interval: 0, splay: 0 }
  const { results } = await go({ a: ['t.command', { name: until(2), options: { retry } }] })
  t.match(results, [{ result: true, attempts: 2, changes: { exitCode: 1, stdout: '' } }])
  t.match(
    results[0]?.comment,
    /^Attempt 1: Returned a result of "False", with the following comment: "ended with 1"\n/u,
  )
  const { results: never } = await go({ a: ['t.command', { name: until(100), options: { retry } }] })
  t.match(never, [{ result: false, attempts: 3 }])
  t.equal(readFileSync(log, 'utf8'), 'x\n'.repeat(5))
})

t.test('a bug in a state fails that state alone', async (t) => {
  const { short, results, events } = await go({ a: ['t.bug'], b: ['t.same'], c: ['t.unheard'] })
  t.same(short, ['a: false', 'b: true', 'c: false'])
  t.match(results[0]?.comment, /bug in Butler.*undefined is not what it was/u)
  t.ok(
    events.some(
      (event) => event.type === 'note' && event.text.includes('TypeError') && event.text.includes('small.ts'),
    ),
  )
})

t.test('a run that is stopped begins nothing more', async (t) => {
  const controller = new AbortController()
  const { short, summary } = await go(
    { a: ['t.changed'], b: ['t.changed'], c: ['t.changed'] },
    {
      signal: controller.signal,
      onEvent: (event) => event.type === 'chunk-started' && event.id === 'b' && controller.abort(),
    },
  )
  t.same(short, ['a: true', 'b: true'])
  t.equal(summary['not_run'], 1)
})

t.test('facts are asked once, until a change makes them stale', async (t) => {
  const COUNT = join(t.testdir(), 'count')
  process.env['COUNT'] = COUNT
  t.teardown(() => delete process.env['COUNT'])
  const { results } = await go({
    a: ['t.asks'],
    b: ['t.asks'],
    c: ['t.touch', { name: COUNT }],
    d: ['t.unit'],
    e: ['t.asks'],
  })
  t.same(
    [0, 1, 4].map((index) => results[index]?.comment),
    ['1', '1', '2'],
  )
  t.ok(existsSync(COUNT))
})

function fired(events: RunEvent[]): RunEvent[] {
  return events.filter(({ type }) => type === 'fired')
}

import t from 'tap'
import type { LoggedEvent, RunEvent } from '../../../core/run/event.ts'
import type { ChunkResult } from '../../../core/run/result.ts'
import { endedFor, progressOf } from '../../../minion/jobs/interrupted.ts'

const row: ChunkResult = {
  id: 'first',
  function: 'test.nop',
  name: 'first',
  sls: 'main',
  order: 0,
  result: true,
  changes: {},
  comment: '',
  started: '2026-01-01T00:00:00.000Z',
  duration_ms: 1,
  ran: true,
  skipped: null,
  why: '',
  mod_watch: false,
  listener: false,
}

function begun(order: number, id: string): RunEvent {
  return { type: 'chunk-started', order, id, function: 'cmd.run', name: id }
}

function logged(events: readonly RunEvent[]): LoggedEvent[] {
  return events.map((event, seq) => ({ seq, time: `2026-01-01T00:00:0${seq}.000Z`, event }))
}

t.test('all states that ran beside each other are named when the run was cut off', async (t) => {
  const progress = progressOf(
    logged([
      { type: 'started', pid: 1, chunks: 4, test: false },
      begun(0, 'first'),
      begun(1, 'slow'),
      { type: 'chunk-ended', result: row },
      begun(2, 'slower'),
    ]),
  )
  t.match(progress, { chunks: 4, inFlight: [{ id: 'slow' }, { id: 'slower' }] })
  t.equal(progress.since.toISOString(), '2026-01-01T00:00:02.000Z', 'since the first of them began')
  const ended = endedFor(progress, { outcome: 'interrupted', cause: 'The minion was killed.' })
  t.equal(
    ended.cause,
    "The minion was killed. 1 of 4 states were done. What became of cmd.run 'slow', cmd.run 'slower' is unknown.",
  )
  t.match(ended.errors, [{ code: 'chunk-unknown' }, { code: 'chunk-unknown' }])
})

t.test('a run that had not begun', async (t) => {
  const ended = endedFor(progressOf([]), { outcome: 'interrupted', cause: 'The minion was killed.' })
  t.same(ended, { type: 'ended', outcome: 'interrupted', cause: 'The minion was killed.' })
})

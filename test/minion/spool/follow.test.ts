import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { LoggedEvent } from '../../../core/run/event.ts'
import { follow } from '../../../minion/spool/follow.ts'
import { forward } from '../../../minion/spool/forward.ts'
import { Journal } from '../../../minion/spool/journal.ts'
import { lineOf } from '../../../minion/spool/lines.ts'
import { temporaryFolder } from '../loopback/folder.ts'

const folder = temporaryFolder(t)
const never = new AbortController().signal

function logged(seq: number, text = `event ${seq}`): LoggedEvent {
  return { seq, time: '2026-01-02T03:04:05.006Z', event: { type: 'note', level: 'info', text } }
}

function end(seq: number): LoggedEvent {
  return { seq, time: '2026-01-02T03:04:05.006Z', event: { type: 'ended', outcome: 'succeeded', cause: '' } }
}

async function numbers(events: AsyncIterable<readonly LoggedEvent[]>): Promise<number[]> {
  const all: number[] = []
  for await (const batch of events) all.push(...batch.map(({ seq }) => seq))
  return all
}

t.test('follows to the end, whatever the pieces are in which it is written', async (t) => {
  const file = join(folder, 'pieces')
  writeFileSync(file, '')
  const read = numbers(follow(file, { after: 0, signal: never }))
  const bytes = Buffer.from([logged(1), logged(2, 'ümläut'), end(3)].map(lineOf).join(''))
  for (let at = 0; at < bytes.length; at += 7) {
    appendFileSync(file, bytes.subarray(at, at + 7))
    await new Promise((resolve) => void setImmediate(resolve))
  }
  t.strictSame(await read, [1, 2, 3])
})

t.test('begins after what is known already, and reads a line longer than a piece', async (t) => {
  const file = join(folder, 'after')
  writeFileSync(file, [logged(1), logged(2), logged(3, 'x'.repeat(3_000_000)), end(4)].map(lineOf).join(''))
  t.strictSame(await numbers(follow(file, { after: 2, signal: never })), [3, 4])
})

t.test('reads to the end though the file is removed meanwhile', async (t) => {
  const file = join(folder, 'removed')
  const journal = new Journal(file)
  journal.append(logged(1).event)
  const events = follow(file, { after: 0, signal: never })
  t.equal((await events.next()).value?.length, 1)
  rmSync(file)
  journal.append(end(2).event)
  t.strictSame(await numbers(events), [2])
  journal[Symbol.dispose]()
})

t.test('stops at the signal', async (t) => {
  const file = join(folder, 'stopped')
  writeFileSync(file, lineOf(logged(1)))
  const stop = new AbortController()
  const events = follow(file, { after: 0, signal: stop.signal })
  await events.next()
  const rest = numbers(events)
  stop.abort()
  t.strictSame(await rest, [])
})

t.test('forwards until the last event is stored, in batches that fit a frame', async (t) => {
  const file = join(folder, 'forward')
  const long = Array.from({ length: 20 }, (_, index) => logged(index + 1, 'x'.repeat(100_000)))
  writeFileSync(file, [...long, end(21)].map(lineOf).join(''))
  const sent: number[][] = []
  const send = async (events: LoggedEvent[]): Promise<number> => {
    t.ok(JSON.stringify(events).length < 600_000)
    sent.push(events.map(({ seq }) => seq))
    return events.at(-1)?.seq ?? 0
  }
  t.ok(await forward({ file, send, signal: never }))
  t.strictSame(
    sent.flat(),
    [...long, end(21)].map(({ seq }) => seq),
  )
})

t.test('sends again what the master did not store', async (t) => {
  const file = join(folder, 'again')
  writeFileSync(file, [logged(1), logged(2), end(3)].map(lineOf).join(''))
  let stored = 0
  const sent: number[][] = []
  // A master that stores one event of each batch.
  const send = async (events: LoggedEvent[]): Promise<number> => {
    sent.push(events.map(({ seq }) => seq))
    return ++stored
  }
  t.ok(await forward({ file, send, signal: never }))
  t.strictSame(sent, [[1, 2, 3], [2, 3], [3]])
})

t.test('a master that never stores anything is not asked for ever', async (t) => {
  const file = join(folder, 'deaf')
  writeFileSync(file, lineOf(end(1)))
  await t.rejects(forward({ file, send: async () => 0, signal: never }), /stores nothing/u)
})

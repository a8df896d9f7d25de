import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RunEvent } from '../../../core/run/event.ts'
import { Journal, readEvents } from '../../../minion/spool/journal.ts'
import { MAX_EVENT, shorten } from '../../../minion/spool/shorten.ts'
import { temporaryFolder } from '../loopback/folder.ts'

const folder = temporaryFolder(t)
const now = (): Date => new Date('2026-01-02T03:04:05.006Z')
const note = (text: string): RunEvent => ({ type: 'note', level: 'info', text })

t.test('numbers events, also across writers', async (t) => {
  const file = join(folder, 'numbers')
  for (const text of ['one', 'two']) {
    using journal = new Journal(file, now)
    journal.append(note(text))
  }
  t.strictSame(readEvents(file), [
    { seq: 1, time: '2026-01-02T03:04:05.006Z', event: note('one') },
    { seq: 2, time: '2026-01-02T03:04:05.006Z', event: note('two') },
  ])
  t.equal(statSync(file).mode & 0o777, 0o600)
})

t.test('a torn last line was never seen: the next writer goes on before it', async (t) => {
  const file = join(folder, 'torn')
  using first = new Journal(file)
  first.append(note('whole'))
  appendFileSync(file, '{"seq":2,"time":"2026-01-02T0')
  t.equal(readEvents(file).length, 1)
  using next = new Journal(file)
  next.append(note('after'))
  t.strictSame(
    readEvents(file).map(({ seq, event }) => [seq, event.type === 'note' && event.text]),
    [
      [1, 'whole'],
      [2, 'after'],
    ],
  )
})

t.test('a line that the disk made unreadable harms no other', async (t) => {
  const file = join(folder, 'unreadable')
  using journal = new Journal(file)
  journal.append(note('one'))
  appendFileSync(file, '\0\0\0\n')
  journal.append(note('two'))
  t.strictSame(
    readEvents(file).map(({ seq }) => seq),
    [1, 2],
  )
})

t.test('nothing follows the end', async (t) => {
  const file = join(folder, 'ended')
  using journal = new Journal(file)
  journal.append({ type: 'ended', outcome: 'succeeded', cause: '' })
  t.throws(() => journal.append(note('late')), /after the end/u)
  using another = new Journal(file)
  t.ok(another.ended)
})

t.test('there is nothing to read where nothing was written', async (t) => {
  t.strictSame(readEvents(join(folder, 'nothing')), [])
})

t.test('an event always fits a frame, and says what it leaves out', async (t) => {
  const text = `${'ä'.repeat(3_000_000)}end`
  const small = shorten({ type: 'ended', outcome: 'succeeded', cause: '', return: { stdout: text, exitCode: 0 } })
  t.ok(JSON.stringify(small).length <= MAX_EVENT)
  t.match(small, { return: { exitCode: 0, stdout: /characters left out[^]*end$/u } })
  const many = shorten({ type: 'ended', outcome: 'succeeded', cause: '', return: Array.from({ length: 1e6 }, String) })
  t.ok(JSON.stringify(many).length <= MAX_EVENT)
  t.match(JSON.stringify(many), /more left out/u)
  const fits = note('as it is')
  t.equal(shorten(fits), fits)
  const file = join(folder, 'large')
  using journal = new Journal(file)
  journal.append(note(text))
  t.ok(readFileSync(file).length < 2 * MAX_EVENT)
})

import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { LogReader } from '../../../tracker/engines/log/read.ts'
import { RunLog } from '../../../tracker/engines/log/write.ts'
import { temporaryFolder } from '../folder.ts'

const said = (text: string) => ({ type: 'output', task: 'a', stream: 'stdout', text }) as const

t.test('a line that was cut off by a kill spoils none that follows', async (t) => {
  const path = join(temporaryFolder(t), 'log.jsonl')
  const first = new RunLog(1, path, () => {})
  first.write(said('one'))
  first.close()
  appendFileSync(path, '{"time":"2026-01-01T00:00:00.000Z","run":1,"ev')
  const second = new RunLog(1, path, () => {})
  second.write(said('two'))
  second.write(said('three'))
  second.close()
  const texts: unknown[] = []
  for await (const { event } of new LogReader(path).more()) texts.push(event.type === 'output' && event.text)
  t.strictSame(texts, ['one', 'two', 'three'])
})

t.test('a full disk is told, and nobody is told of what is not in the file', async (t) => {
  // Only Linux has a disk that is always full.
  const path = existsSync('/dev/full') ? '/dev/full' : undefined
  if (path === undefined) return
  const told: unknown[] = []
  const log = new RunLog(1, path, (event) => told.push(event))
  t.throws(() => log.write(said('one')), { code: 'ENOSPC' })
  t.strictSame(told, [])
  log.close()
})

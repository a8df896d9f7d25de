import { chmod, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { pack } from '../../packaging/archive.ts'

function content() {
  return { thing: { bin: { run: '#!/bin/sh\n' }, 'read-me': 'hello\n' } }
}

t.test('the same content gives the same bytes, whenever and by whomever it was laid out', async (t) => {
  const folder = t.testdir({ one: content(), two: content() })
  for (const each of ['one', 'two']) await chmod(join(folder, each, 'thing/bin/run'), 0o755)
  await utimes(join(folder, 'two/thing/read-me'), 1, 1)
  const archives = await Promise.all(
    ['one', 'two'].map((each) => pack(join(folder, each, 'thing'), join(folder, `${each}.tar.gz`), 1_700_000_000)),
  )
  t.equal(archives[0]?.sha256, archives[1]?.sha256)
  t.match(archives[0]?.sha256, /^[0-9a-f]{64}$/u)
})

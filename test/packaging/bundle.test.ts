import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { AGENT_PROGRAMS, bundle, loadedAtStart } from '../../packaging/bundle.ts'

t.test('the agent starts without what only people and compiles need', async (t) => {
  const metafile = await bundle(AGENT_PROGRAMS, t.testdir(), 'x64')
  const loaded = [...loadedAtStart(metafile, 'minion/main.ts')]
  t.ok(loaded.includes('minion/agent.ts'))
  const libraries = loaded.flatMap((file) => /node_modules\/([^/]+)/u.exec(file)?.[1] ?? [])
  t.strictSame([...new Set(libraries)], ['ws'])
})

t.test('libraries that are loaded only when they are asked for are what they are in a checkout', async (t) => {
  const folder = t.testdir()
  await bundle(AGENT_PROGRAMS, folder, 'x64')
  const words = [join(folder, 'butler-call.js'), '--local', '--out', 'yaml', 'test.ping']
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  t.match(stdout, /^schema: butler\.run\/1$/mu, stderr)
})

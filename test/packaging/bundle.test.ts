import t from 'tap'
import { AGENT_PROGRAMS, bundle, loadedAtStart } from '../../packaging/bundle.ts'

t.test('the agent starts without what only people and compiles need', async (t) => {
  const metafile = await bundle(AGENT_PROGRAMS, t.testdir(), 'x64')
  const loaded = [...loadedAtStart(metafile, 'minion/main.ts')]
  t.ok(loaded.includes('minion/agent.ts'))
  const libraries = loaded.flatMap((file) => /node_modules\/([^/]+)/u.exec(file)?.[1] ?? [])
  t.strictSame([...new Set(libraries)], ['ws'])
})

import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Snapshot } from '../../../core/compile/snapshot.ts'
import { UserError } from '../../../core/errors.ts'
import { createSources, type RunningSources, type SourcesOptions } from '../../../master/sources/create.ts'
import type { SourceSettings } from '../../../master/sources/settings.ts'
import { Repository, temporaryFolder, writeFiles } from '../repository.ts'

interface Options extends Partial<SourcesOptions> {
  sources: readonly SourceSettings[]
  folder: string
}

function open(t: Test, { folder, ...options }: Options): RunningSources {
  const sources = createSources({
    cache: join(folder, 'cache'),
    data: join(folder, 'data'),
    pollMs: 3_600_000,
    gitTimeoutMs: 60_000,
    check: async (snapshot) => refuseBroken(snapshot),
    note: () => {},
    ...options,
  })
  t.teardown(async () => sources.stop())
  return sources
}

/** A check that refuses every state file with the word `broken`, at its first line. */
function refuseBroken(snapshot: Snapshot): UserError[] {
  return snapshot.paths
    .filter((path) => snapshot.text(path)?.includes('broken'))
    .map((path) => new UserError('broken', `${path} is broken.`, { at: { file: snapshot.shown(path), line: 1 } }))
}

t.test('reads a repository without a checkout, and only its four folders', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  const commit = repository.commit({
    'states/web/init.yaml': 'web: test.nop\n',
    'roles/mapping.yaml': '{}\n',
    'README.md': 'not a state\n',
    'terraform/main.tf': '',
  })
  const sources = open(t, { folder, sources: [{ name: 'base', git: repository.folder }] })
  await sources.start()
  const snapshot = sources.current()
  t.same(snapshot.paths, ['roles/mapping.yaml', 'states/web/init.yaml'])
  t.equal(snapshot.text('states/web/init.yaml'), 'web: test.nop\n')
  t.equal(snapshot.text('README.md'), undefined)
  t.equal(snapshot.shown('states/web/init.yaml'), 'base/states/web/init.yaml')
  t.match(sources.status(), [{ name: 'base', from: repository.folder, branch: null, commit, seen: commit, errors: [] }])
  const digest = snapshot.ref('states/web/init.yaml')?.digest ?? ''
  t.equal(Buffer.from((await sources.blob(digest)) ?? []).toString(), 'web: test.nop\n')
  t.equal(await sources.blob('0'.repeat(64)), undefined)
  t.notOk(existsSync(join(folder, 'cache/sources/states')), 'nothing is checked out')
})

t.test('a later source wins file by file, be it a repository or a folder', async (t) => {
  const folder = temporaryFolder(t)
  const base = new Repository(join(folder, 'base'))
  base.commit({ 'states/a.yaml': 'base\n', 'states/b.yaml': 'base\n', 'states/c.yaml': 'base\n' })
  const middle = new Repository(join(folder, 'middle'))
  middle.commit({ 'states/b.yaml': 'middle\n', 'states/c.yaml': 'middle\n' })
  writeFiles(join(folder, 'site'), { 'states/c.yaml': 'site\n', 'pillar/site.yaml': 'site\n' })
  const sources = open(t, {
    folder,
    sources: [
      { name: 'base', git: base.folder },
      { name: 'middle', git: `file://${middle.folder}`, branch: 'main' },
      { name: 'site', folder: join(folder, 'site') },
    ],
  })
  await sources.start()
  const snapshot = sources.current()
  t.same(
    snapshot.paths.map((path) => [path, snapshot.text(path), snapshot.shown(path)]),
    [
      ['pillar/site.yaml', 'site\n', 'site/pillar/site.yaml'],
      ['states/a.yaml', 'base\n', 'base/states/a.yaml'],
      ['states/b.yaml', 'middle\n', 'middle/states/b.yaml'],
      ['states/c.yaml', 'site\n', 'site/states/c.yaml'],
    ],
  )
  writeFiles(join(folder, 'site'), { 'states/c.yaml': null })
  middle.commit({ 'states/b.yaml': null })
  await sources.update()
  t.equal(sources.current().text('states/b.yaml'), 'base\n')
  t.equal(sources.current().text('states/c.yaml'), 'middle\n')
  t.not(sources.current().id, snapshot.id)
  t.equal(sources.byId(snapshot.id)?.text('states/c.yaml'), 'site\n', 'an older snapshot is kept')
})

t.test('a bad commit leaves the last good one in use and shows its place', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  const other = new Repository(join(folder, 'other'))
  const good = repository.commit({ 'states/a.yaml': 'good\n' })
  other.commit({ 'states/z.yaml': 'good\n' })
  const names = [
    { name: 'base', git: repository.folder },
    { name: 'other', git: other.folder },
  ]
  const sources = open(t, { folder, sources: names })
  await sources.start()
  const bad = repository.commit({ 'states/a.yaml': 'broken\n' })
  const status = await sources.update()
  t.equal(sources.current().text('states/a.yaml'), 'good\n')
  t.match(status, [
    { commit: good, seen: bad, errors: [{ code: 'broken', at: { file: 'base/states/a.yaml', line: 1 } }] },
    { errors: [] },
  ])
  const mended = repository.commit({ 'states/a.yaml': 'mended\n' })
  t.match(await sources.update(), [{ commit: mended, seen: mended, errors: [] }, { errors: [] }])
  t.equal(sources.current().text('states/a.yaml'), 'mended\n')
})

t.test('a bad commit that is taken back is no longer an error', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  repository.commit({ 'states/a.yaml': 'good\n' })
  const sources = open(t, { folder, sources: [{ name: 'base', git: repository.folder }] })
  await sources.start()
  repository.commit({ 'states/a.yaml': 'broken\n' })
  t.match(await sources.update(), [{ errors: [{ code: 'broken' }] }])
  repository.git('reset', '--quiet', '--hard', 'HEAD~1')
  t.match(await sources.update(), [{ errors: [] }])
})

t.test('a restarted master has its last good snapshot without the repository', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  const large = 'x'.repeat(300_000)
  const commit = repository.commit({ 'states/a.yaml': 'good\n', 'states/files/large': large })
  const settings = { folder, sources: [{ name: 'base', git: repository.folder }] }
  const before = open(t, settings)
  await before.start()
  await before.stop()
  repository.commit({ 'states/a.yaml': 'broken\n' })
  const after = open(t, settings)
  await after.start()
  t.equal(after.current().id, before.current().id)
  t.match(await after.update(), [{ commit, errors: [{ code: 'broken' }] }])
  await after.stop()
  rmSync(repository.folder, { recursive: true })
  rmSync(join(folder, 'cache/sources'), { recursive: true, force: true, maxRetries: 0 })
  const without = open(t, settings)
  await without.start()
  t.throws(() => without.current(), { code: 'no-snapshot' }, 'the cache was removed too')
})

t.test('a repository that is gone: the snapshot stays, the error is shown', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  const commit = repository.commit({ 'states/a.yaml': 'good\n' })
  const settings = { folder, sources: [{ name: 'base', git: repository.folder }] }
  await open(t, settings).start()
  rmSync(repository.folder, { recursive: true })
  const sources = open(t, settings)
  await sources.start()
  t.match(await sources.update(), [{ commit, seen: commit, errors: [{ code: 'source-unreachable' }] }])
  t.equal(sources.current().text('states/a.yaml'), 'good\n')
})

t.test('says what is wrong with an address, a branch or a folder', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  repository.commit({ 'states/a.yaml': 'good\n' })
  const cases: [SourceSettings, RegExp][] = [
    [{ name: 'x', git: join(folder, 'nowhere') }, /does not appear to be a git repository|not exist/u],
    [{ name: 'x', git: repository.folder, branch: 'nope' }, /couldn't find remote ref refs\/heads\/nope/u],
    [{ name: 'x', git: '--upload-pack=touch /tmp/never' }, /./u],
    [{ name: 'x', git: 'ext::sh -c date' }, /transport 'ext' not allowed/u],
    [{ name: 'x', git: 'http://localhost:1/x.git' }, /transport 'http' not allowed/u],
  ]
  for (const [source, hint] of cases) {
    const sources = open(t, { folder, sources: [source] })
    await sources.start()
    t.match(sources.status(), [{ commit: null, errors: [{ code: 'source-unreachable', hint }] }])
    t.throws(() => sources.current(), { code: 'no-snapshot' })
  }
  const missing = open(t, { folder, sources: [{ name: 'x', folder: join(folder, 'nowhere') }] })
  await missing.start()
  t.match(missing.status(), [{ errors: [{ code: 'source-unreachable', message: /no folder/u }] }])
  const none = open(t, { folder, sources: [] })
  await none.start()
  t.throws(() => none.current(), { code: 'no-snapshot', hint: /master\.yaml/u })
})

t.test('a password in an address is never shown', async (t) => {
  const folder = temporaryFolder(t)
  const address = 'https://user:hunter2@localhost:1/x.git'
  const sources = open(t, { folder, sources: [{ name: 'x', git: address }] })
  await sources.start()
  t.notMatch(JSON.stringify(sources.status()), /hunter2/u)
})

t.test('links and submodules are left out, with a warning; odd names are read', async (t) => {
  const folder = temporaryFolder(t)
  const inner = new Repository(join(folder, 'inner'))
  inner.commit({ 'states/inner.yaml': 'x\n' })
  const repository = new Repository(join(folder, 'base'))
  repository.commit({ 'states/ü "quoted"\ttab.yaml': 'odd\n', 'states/empty.yaml': '', '.gitattributes': '* text\n' })
  repository.link('/etc/passwd', 'states/passwd.yaml')
  repository.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.folder, 'states/inner')
  repository.commit({})
  const sources = open(t, { folder, sources: [{ name: 'base', git: repository.folder }] })
  await sources.start()
  t.same(sources.current().paths, ['states/empty.yaml', 'states/ü "quoted"\ttab.yaml'])
  t.equal(sources.current().text('states/empty.yaml'), '')
  t.match(sources.status()[0]?.warnings, [
    { code: 'file-left-out', message: /submodule/u },
    { code: 'file-left-out', message: /symbolic link/u, at: { file: 'base/states/passwd.yaml' } },
  ])
})

t.test('a source that is far too large is refused with the file that is too much', async (t) => {
  const folder = temporaryFolder(t)
  writeFiles(join(folder, 'site'), { [`states/${'d/'.repeat(260)}x.yaml`]: 'x\n' })
  const sources = open(t, { folder, sources: [{ name: 'site', folder: join(folder, 'site') }] })
  await sources.start()
  t.match(sources.status(), [{ errors: [{ code: 'source-too-large', at: { file: /^site\/states/u } }] }])
})

t.test('damaged memories are no obstacle', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  repository.commit({ 'states/a.yaml': 'good\n' })
  const settings = { folder, sources: [{ name: 'base', git: repository.folder }] }
  await open(t, settings).start()
  writeFileSync(join(folder, 'data/sources.json'), '{"snapshots": [')
  const sources = open(t, settings)
  await sources.start()
  t.equal(sources.current().text('states/a.yaml'), 'good\n')
})

t.test('polls by itself', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  repository.commit({ 'states/a.yaml': 'good\n' })
  const inUse = Promise.withResolvers<void>()
  const sources = open(t, {
    folder,
    pollMs: 20,
    sources: [{ name: 'base', git: repository.folder }],
    check: async (snapshot) => {
      if (snapshot.text('states/a.yaml') === 'better\n') setImmediate(() => inUse.resolve())
      return []
    },
  })
  await sources.start()
  const keep = setInterval(() => {}, 1000)
  repository.commit({ 'states/a.yaml': 'better\n' })
  await inUse.promise
  clearInterval(keep)
  await sources.stop()
  t.equal(sources.current().text('states/a.yaml'), 'better\n')
})

t.test('a bug in the check is an error of the source and not the end of the master', async (t) => {
  const folder = temporaryFolder(t)
  const repository = new Repository(join(folder, 'base'))
  repository.commit({ 'states/a.yaml': 'good\n' })
  const notes: string[] = []
  const sources = open(t, {
    folder,
    sources: [{ name: 'base', git: repository.folder }],
    check: async () => Promise.reject(new Error('a bug of ours')),
    note: (text) => notes.push(text),
  })
  await sources.start()
  t.match(sources.status(), [{ errors: [{ message: /a bug of ours/u }] }])
  t.match(notes.join('\n'), /sources\.test\.ts/u, 'the stack is noted')
})

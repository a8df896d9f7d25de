import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { apply, folder, holds, modeOf, plan, textOf } from '../applied.ts'

// Arguments that Salt's users know and few need.

t.test('file.append, prepend and blockreplace take several sources, and check their digests', async (t) => {
  const root = folder(t)
  const files = { 'states/one': 'one\n', 'states/two': 'two\n' }
  for (const state of ['append', 'prepend']) {
    const file = `${root}/${state}`
    writeFileSync(file, 'old\n')
    await holds(t, root, `${file}:\n  file.${state}:\n    - sources: [butler://one, butler://two]\n`, { files })
    t.equal(textOf(file), state === 'append' ? 'old\none\ntwo\n' : 'one\ntwo\nold\n')
  }
  writeFileSync(`${root}/block`, '# begin\n# end\n')
  const block = `${root}/block:\n  file.blockreplace:\n    - marker_start: '# begin'\n    - marker_end: '# end'\n    - sources: [butler://one, butler://two]\n`
  await holds(t, root, block, { files })
  t.equal(textOf(`${root}/block`), '# begin\none\ntwo\n# end\n')

  const hashed = `${root}/append:\n  file.append:\n    - source: butler://one\n    - source_hash: sha256=${'0'.repeat(64)}\n`
  t.match(await plan(hashed, { files }), [{ result: false, comment: /which is not the 0+ of source_hash/u }])
  const two = `${root}/append:\n  file.append:\n    - text: a\n    - sources: [butler://one]\n`
  t.match(await plan(two, { files }), [{ result: false, comment: /text and sources both say/u }])
})

t.test('file.line gives the file an owner and a mode', async (t) => {
  const root = folder(t)
  const states = `${root}/f:\n  file.line:\n    - content: a\n    - mode: ensure\n    - location: end\n    - create: true\n    - file_mode: '0640'\n`
  await holds(t, root, states)
  t.equal(modeOf(`${root}/f`), '0640')
  await holds(t, root, states.replace('0640', '0600'))
  t.equal(modeOf(`${root}/f`), '0600')
})

t.test('file.keyvalue makes the file when it may', async (t) => {
  const root = folder(t)
  const states = `${root}/f:\n  file.keyvalue:\n    - key_values: { a: 1, b: 2 }\n    - create_if_missing: true\n`
  await holds(t, root, states)
  t.equal(textOf(`${root}/f`), 'a=1\nb=2\n')
})

t.test('file.directory keeps what lay at its place, and looks after what lies below alone', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/d`, 'was here\n')
  await holds(t, root, `${root}/d:\n  file.directory:\n    - backupname: ${root}/d.old\n`)
  t.equal(textOf(`${root}/d.old`), 'was here\n')

  mkdirSync(`${root}/e/below`, { recursive: true, mode: 0o755 })
  const below = `${root}/e:\n  file.directory:\n    - dir_mode: '0711'\n    - recurse: [mode]\n    - children_only: true\n`
  await holds(t, root, below)
  t.equal(modeOf(`${root}/e`), '0755')
  t.equal(modeOf(`${root}/e/below`), '0711')
})

t.test('file.recurse goes down as far as it is told', async (t) => {
  const root = folder(t)
  const files = { 'states/tree/a': 'a', 'states/tree/b/c': 'c', 'states/tree/b/d/e': 'e' }
  const states = (depth: number): string =>
    `${root}/t:\n  file.recurse:\n    - source: butler://tree\n    - maxdepth: ${depth}\n`
  await holds(t, root, states(0), { files })
  t.throws(() => lstatSync(`${root}/t/b`))
  await holds(t, root, states(1), { files })
  t.equal(textOf(`${root}/t/b/c`), 'c')
  t.throws(() => lstatSync(`${root}/t/b/d`))
})

t.test('file.managed: another delimiter, and content that must not be empty', async (t) => {
  const root = folder(t)
  const pillar = { tls: { 'a:b': { key: 'secret of a' } }, none: '' }
  const states = `${root}/f:\n  file.managed:\n    - contents_pillar: tls/a:b/key\n    - contents_delimiter: /\n`
  await holds(t, root, states, { pillar })
  t.equal(textOf(`${root}/f`), 'secret of a\n')
  const empty = `${root}/f:\n  file.managed:\n    - contents_pillar: none\n    - allow_empty: false\n`
  t.match(await apply(empty, { pillar }), [{ result: false, comment: /none is empty/u }])
  t.equal(textOf(`${root}/f`), 'secret of a\n')
})

t.test('file.symlink: a link is turned in one step', async (t) => {
  const root = folder(t)
  symlinkSync('old', `${root}/l`)
  const before = lstatSync(`${root}/l`).ino
  await holds(t, root, `${root}/l:\n  file.symlink:\n    - target: new\n    - inherit_user_and_group: true\n`)
  t.not(lstatSync(`${root}/l`).ino, before, 'the new one has taken its place')
  t.same(readdirSync(root), ['l'])
})

t.test('cmd.run looks through further folders first', async (t) => {
  const root = folder(t)
  mkdirSync(`${root}/bin`)
  writeFileSync(`${root}/bin/ls`, `#!/bin/sh\necho mine > ${root}/ran\n`, { mode: 0o755 })
  await apply(`ls:\n  cmd.run:\n    - prepend_path: ${root}/bin\n`)
  t.equal(readFileSync(`${root}/ran`, 'utf8'), 'mine\n')
})

t.test('what has no effect is taken, and a warning says why', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/f`, 'a\n')
  const states = `${root}/f:\n  file.replace:\n    - pattern: a\n    - repl: b\n    - bufsize: file\n`
  await holds(t, root, states)
  t.equal(textOf(`${root}/f`), 'b\n')
})

t.test('file.managed takes the first source that there is', async (t) => {
  const root = folder(t)
  const files = { 'states/f/default': 'for all\n', 'states/f/m2': '{{grains.id}} alone\n' }
  const states = (id: string): string =>
    `${root}/f:\n  file.managed:\n    - source:\n      - butler://f/${id}\n      - butler://f/default\n    - template: handlebars\n`
  await holds(t, root, states('m1'), { files })
  t.equal(textOf(`${root}/f`), 'for all\n')
  await holds(t, root, states('m2'), { files })
  t.equal(textOf(`${root}/f`), 'test alone\n')
  const nowhere = states('m1').replace('default', 'other').replace('    - template: handlebars\n', '')
  t.match(await plan(nowhere, { files }), [{ result: false, comment: /butler:\/\/f\/other/u }])
})

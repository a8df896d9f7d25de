import { chmodSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { apply, folder, holds, modeOf, plan, textOf, unchanged } from '../applied.ts'

t.test('file.directory makes a folder and mends its mode', async (t) => {
  const root = folder(t)
  const states = `${root}/a/b:\n  file.directory:\n    - mode: 750\n    - makedirs: true\n`
  await holds(t, root, states)
  chmodSync(`${root}/a/b`, 0o700)
  const [mended] = await holds(t, root, states)
  t.match(mended?.changes, { mode: { old: '0700', new: '0750' } })
})

t.test('file.directory: recurse gives modes to all that lies below', async (t) => {
  const root = folder(t)
  mkdirSync(`${root}/d/sub`, { recursive: true })
  writeFileSync(`${root}/d/sub/f`, '')
  const states = `
${root}/d:
  file.directory:
    - dir_mode: 711
    - file_mode: 604
    - recurse: [mode]
`
  await holds(t, root, states)
  t.equal(modeOf(`${root}/d/sub`), '0711')
  t.equal(modeOf(`${root}/d/sub/f`), '0604')
  t.match(await plan(states.replace('[mode]', '[mods]')), [{ result: false, comment: /Did you mean 'mode'/ }])
})

t.test('file.directory: clean removes what is not kept', async (t) => {
  const root = folder(t)
  mkdirSync(`${root}/d/sub`, { recursive: true })
  for (const name of ['junk', 'kept', 'a.local', 'sub/kept', 'sub/junk']) writeFileSync(`${root}/d/${name}`, '')
  await holds(
    t,
    root,
    `
${root}/d:
  file.directory:
    - clean: true
    - keep: [${root}/d/kept, ${root}/d/sub/kept]
    - exclude_pat: '*.local'
`,
  )
  for (const name of ['kept', 'a.local', 'sub/kept']) t.ok(lstatSync(`${root}/d/${name}`), name)
  for (const name of ['junk', 'sub/junk']) t.throws(() => lstatSync(`${root}/d/${name}`), name)
})

t.test('file.directory: what other states look after is not cleaned away', async (t) => {
  const root = folder(t)
  mkdirSync(`${root}/d`)
  writeFileSync(`${root}/d/junk`, '')
  const states = `
${root}/d:
  file.directory:
    - clean: true
${root}/d/sub/f:
  file.managed:
    - contents: x
    - makedirs: true
`
  await holds(t, root, states)
  t.throws(() => lstatSync(`${root}/d/junk`))
})

t.test('file.directory: a file in its place', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/d`, '')
  t.match(await plan(`${root}/d:\n  file.directory: []\n`), [{ result: false, comment: /exists and is a file/ }])
  await holds(t, root, `${root}/d:\n  file.directory:\n    - force: true\n`)
})

t.test('file.absent', async (t) => {
  const root = folder(t)
  mkdirSync(`${root}/d/sub`, { recursive: true })
  writeFileSync(`${root}/f`, '')
  symlinkSync('f', `${root}/l`)
  await holds(t, root, `gone:\n  file.absent:\n    - names: [${root}/d/, ${root}/f, ${root}/l]\n`)
  t.match(await plan('/:\n  file.absent: []\n'), [{ result: false }])
})

t.test('file.symlink makes, turns and forces', async (t) => {
  const root = folder(t)
  const states = (target: string, more = ''): string =>
    `${root}/in/l:\n  file.symlink:\n    - target: ${target}\n    - makedirs: true\n${more}`
  await holds(t, root, states('/nowhere'))
  await holds(t, root, states('../elsewhere'))
  t.equal(readlinkSync(`${root}/in/l`), '../elsewhere')
  rmSync(`${root}/in/l`)
  writeFileSync(`${root}/in/l`, 'mine')
  t.match(await apply(states('/x')), [{ result: false, comment: /File exists where the symlink/ }])
  await holds(t, root, states('/x', `    - backupname: ${root}/in/l.old\n`))
  t.equal(textOf(`${root}/in/l.old`), 'mine')
  rmSync(`${root}/in/l`)
  mkdirSync(`${root}/in/l`)
  await holds(t, root, states('/x', '    - force: true\n'))
})

t.test('file.recurse copies a folder, and cleans', async (t) => {
  const root = folder(t)
  const files = { 'states/web/files/a': 'one\n', 'states/web/files/deep/b': 'two\n', 'states/web/files/no.tmp': '' }
  const states = `
${root}/d:
  file.recurse:
    - source: butler://web/files
    - file_mode: 600
    - dir_mode: 711
    - exclude_pat: '*.tmp'
    - clean: true
`
  await holds(t, root, states, { files })
  t.equal(textOf(`${root}/d/deep/b`), 'two\n')
  t.equal(modeOf(`${root}/d/deep`), '0711')
  t.throws(() => lstatSync(`${root}/d/no.tmp`))
  writeFileSync(`${root}/d/a`, 'damaged\n')
  writeFileSync(`${root}/d/junk`, '')
  const [mended] = await holds(t, root, states, { files })
  t.strictSame(Object.keys(mended?.changes ?? {}).sort(), [`${root}/d/a`, `${root}/d/junk`])
})

t.test('file.recurse renders the templates of a folder, and copies what is none', async (t) => {
  const root = folder(t)
  const files = { 'states/web/files/a': 'on {{port}}\n', 'states/web/files/deep/b': 'no template\n' }
  const states = `
${root}/d:
  file.recurse:
    - source: butler://web/files
    - template: handlebars
    - context: { port: 80 }
`
  await holds(t, root, states, { files })
  t.equal(textOf(`${root}/d/a`), 'on 80\n')
  t.equal(textOf(`${root}/d/deep/b`), 'no template\n')
  const [changed] = await holds(t, root, states.replace('80', '81'), { files })
  t.strictSame(Object.keys(changed?.changes ?? {}), [`${root}/d/a`])
})

t.test('file.copy', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/from`, 'content\n')
  chmodSync(`${root}/from`, 0o640)
  const states = (more = ''): string => `${root}/to:\n  file.copy:\n    - source: ${root}/from\n${more}`
  await holds(t, root, states('    - preserve: true\n'))
  t.equal(modeOf(`${root}/to`), '0640')
  writeFileSync(`${root}/to`, 'other\n')
  await unchanged(t, root, states())
  await holds(t, root, states('    - force: true\n'))
  t.equal(textOf(`${root}/to`), 'content\n')
  mkdirSync(`${root}/tree/sub`, { recursive: true })
  await holds(t, root, `${root}/copied:\n  file.copy:\n    - source: ${root}/tree\n`)
  t.ok(lstatSync(`${root}/copied/sub`).isDirectory())
  t.match(await plan(`${root}/x:\n  file.copy:\n    - source: ${root}/ghost\n`), [{ result: false }])
})

t.test('file.touch', async (t) => {
  const root = folder(t)
  await holds(t, root, `${root}/f:\n  file.touch: []\n`)
  await holds(t, root, `${root}/f:\n  file.touch:\n    - mtime: 1000000000\n`)
  t.equal(lstatSync(`${root}/f`).mtimeMs, 1e12)
})

t.test('file.rename, file.exists and file.missing', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/old`, 'content\n')
  const states = (more = ''): string =>
    `${root}/in/new:\n  file.rename:\n    - source: ${root}/old\n    - makedirs: true\n${more}`
  await holds(t, root, states())
  writeFileSync(`${root}/old`, 'again\n')
  t.match(await apply(states()), [{ result: false, comment: /will not be overwritten/ }])
  await holds(t, root, states('    - force: true\n'))
  t.equal(textOf(`${root}/in/new`), 'again\n')
  await unchanged(t, root, `${root}/in:\n  file.exists: []\n${root}/old:\n  file.missing: []\n`)
  t.match(await plan(`${root}/old:\n  file.exists: []\n${root}/in:\n  file.missing: []\n`), [
    { result: false },
    { result: false },
  ])
})

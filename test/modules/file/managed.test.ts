import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { apply, folder, holds, modeOf, plan, textOf, tree, unchanged } from '../applied.ts'

t.test('makes a file, and mends what happens to it', async (t) => {
  const root = folder(t)
  const states = `
${root}/f:
  file.managed:
    - contents: hello
    - mode: 640
`
  const [made] = await holds(t, root, states)
  t.match(made, { changes: { diff: 'New file', mode: '0640' }, comment: `File ${root}/f updated` })
  t.equal(textOf(`${root}/f`), 'hello\n')
  t.equal(modeOf(`${root}/f`), '0640')

  writeFileSync(`${root}/f`, 'damaged\n')
  chmodSync(`${root}/f`, 0o777)
  const [planned] = await plan(states)
  t.match(planned, { result: null, changes: { mode: { old: '0777', new: '0640' } } })
  const [mended] = await holds(t, root, states)
  t.match(mended?.changes, { diff: /-damaged\n\+hello/, mode: { old: '0777', new: '0640' } })
  t.equal(textOf(`${root}/f`), 'hello\n')
  t.equal(modeOf(`${root}/f`), '0640')

  rmSync(`${root}/f`)
  await holds(t, root, states)
})

t.test('takes its content from the sources, byte by byte', async (t) => {
  const root = folder(t)
  const content = Uint8Array.from({ length: 300 }, (_, index) => index % 256)
  const given = { files: { 'states/data/f.bin': content } }
  const states = `
${root}/f:
  file.managed:
    - source: butler://data/f.bin
`
  await holds(t, root, states, given)
  t.strictSame(new Uint8Array(readFileSync(`${root}/f`)), content)
})

t.test('checks the digest of its source', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/source`, 'hello\n')
  const states = (hash: string): string => `
${root}/f:
  file.managed:
    - source: ${root}/source
    - source_hash: ${hash}
`
  const right = 'b1946ac92492d2347c6235b4d2611184'
  const [refused] = await apply(states(`md5=${right.replace('b', 'c')}`))
  t.match(refused, { result: false, comment: /is not the c1946/ })
  t.throws(() => lstatSync(`${root}/f`))
  await holds(t, root, states(right))
  // what lies there already has the digest, so the source is not even looked at
  rmSync(`${root}/source`)
  await unchanged(t, root, states(`md5=${right}`))
  const [nonsense] = await plan(states('half'))
  t.match(nonsense, { result: false, comment: /'half' is no digest/ })
})

t.test('contents from pillar and grains', async (t) => {
  const root = folder(t)
  const states = `
${root}/p:
  file.managed:
    - contents_pillar: tls:key
    - mode: 600
${root}/g:
  file.managed:
    - contents_grains: os
`
  const given = { pillar: { tls: { key: 'line one\nline two' } }, grains: { os: 'Debian' } }
  await holds(t, root, states, given)
  t.equal(textOf(`${root}/p`), 'line one\nline two\n')
  t.equal(textOf(`${root}/g`), 'Debian\n')
  const [missing] = await plan(states, { grains: { os: 'Debian' } })
  t.match(missing, { result: false, comment: /contents_pillar: tls:key: there is no such key/ })
})

t.test('a folder that is missing', async (t) => {
  const root = folder(t)
  const states = (makedirs: boolean): string => `
${root}/a/b/f:
  file.managed:
    - contents: x
    - mode: 640
    - makedirs: ${makedirs}
`
  for (const results of [await plan(states(false)), await apply(states(false))]) {
    t.match(results, [{ result: false, comment: /Parent directory .*\/a\/b is not present/ }])
  }
  await holds(t, root, states(true))
  t.equal(modeOf(`${root}/a/b`), '0750', 'who may read the file may enter its folder')
})

t.test('a folder that an earlier state makes is no obstacle to a plan', async (t) => {
  const root = folder(t)
  const states = `
${root}/d:
  file.directory: []
${root}/d/f:
  file.managed:
    - contents: x
`
  const [, file] = await plan(states)
  t.match(file, { result: null, after: [`${root}/d`] })
  await holds(t, root, states)
})

t.test('replace, create and no content at all', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/kept`, 'mine\n')
  const states = `
${root}/kept:
  file.managed:
    - contents: theirs
    - replace: false
${root}/never:
  file.managed:
    - contents: x
    - create: false
`
  await unchanged(t, root, states)
  t.equal(textOf(`${root}/kept`), 'mine\n')
  await holds(t, root, `${root}/empty:\n  file.managed: []\n`)
  t.equal(textOf(`${root}/empty`), '')
})

t.test('links are followed, unless told otherwise', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/real`, 'old\n')
  symlinkSync('real', `${root}/link`)
  await holds(t, root, `${root}/link:\n  file.managed:\n    - contents: new\n`)
  t.equal(textOf(`${root}/real`), 'new\n')
  t.ok(lstatSync(`${root}/link`).isSymbolicLink())
  await holds(t, root, `${root}/link:\n  file.managed:\n    - contents: own\n    - follow_symlinks: false\n`)
  t.equal(textOf(`${root}/real`), 'new\n')
  t.ok(lstatSync(`${root}/link`).isFile())
})

t.test('a folder in its place goes only by force', async (t) => {
  const root = folder(t)
  mkdirSync(`${root}/f`)
  writeFileSync(`${root}/f/inside`, '')
  const states = (force: boolean): string => `${root}/f:\n  file.managed:\n    - contents: x\n    - force: ${force}\n`
  t.match(await apply(states(false)), [{ result: false, comment: /is a directory/ }])
  await holds(t, root, states(true))
})

t.test('its own check_cmd judges the new content, in a plan too', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/f`, 'good\n')
  const states = (contents: string): string => `
${root}/f:
  file.managed:
    - contents: ${contents}
    - check_cmd: grep -q good
`
  const before = tree(root)
  for (const results of [await plan(states('bad')), await apply(states('bad'))]) {
    t.match(results, [{ result: false, comment: /check_cmd execution failed/ }])
  }
  t.strictSame(tree(root), before)
  await holds(t, root, states('good enough'))
})

t.test('keeps the old content when asked to', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/f`, 'old\n')
  await holds(t, root, `${root}/f:\n  file.managed:\n    - contents: new\n    - backup: minion\n`)
  t.equal(textOf(`${root}/f.bak`), 'old\n')
})

t.test('an owner that does not exist', async (t) => {
  const root = folder(t)
  const states = `${root}/f:\n  file.managed:\n    - contents: x\n    - user: nobody-of-this-name\n`
  for (const results of [await plan(states), await apply(states)]) {
    t.match(results, [{ result: false, comment: /User nobody-of-this-name is not available/ }])
  }
})

t.test('a secret in the content is written, and never shown', async (t) => {
  const root = folder(t)
  const states = `
${root}/f:
  file.managed:
    - contents: password={{secret 'db/admin'}}
    - mode: 600
`
  const given = { secrets: { 'db/admin': 'pa55 word' } }
  const results = [...(await plan(states, given)), ...(await apply(states, given))]
  t.equal(textOf(`${root}/f`), 'password=pa55 word\n')
  writeFileSync(`${root}/f`, 'password=other\n')
  results.push(...(await plan(states, given)), ...(await apply(states, given)))
  t.notMatch(JSON.stringify(results), /pa55/)
})

t.test('two contents are one too many', async (t) => {
  const root = folder(t)
  const states = `${root}/f:\n  file.managed:\n    - contents: x\n    - contents_pillar: y\n`
  t.match(await plan(states), [{ result: false, comment: /contents and contents_pillar both say/ }])
})

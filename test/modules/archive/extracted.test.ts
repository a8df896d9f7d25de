import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { deflateRawSync, crc32 } from 'node:zlib'
import { readTar } from '../../../modules/archive/tar.ts'
import { readZip } from '../../../modules/archive/zip.ts'
import { folder, holds, modeOf, plan, textOf, unchanged } from '../applied.ts'

const LONG =
  'a-name-that-is-longer-than-what-the-header-of-a-tar-archive-has-room-for-which-is-one-hundred-bytes-and-no-more.txt'

for (const [flags, ending] of [
  ['-cf', 'tar'],
  ['-czf', 'tar.gz'],
  ['-cJf', 'tar.xz'],
  ['-cjf', 'tar.bz2'],
] as const) {
  t.test(`a ${ending}`, async (t) => {
    const { root, from } = folders(t)
    try {
      execFileSync('tar', [flags, `${from}/x.${ending}`, '-C', from, 'top'], { stdio: 'pipe' })
    } catch {
      t.comment(`this machine can't pack a ${ending}`)
      return
    }
    const states = `${root}/out:\n  archive.extracted:\n    - source: ${from}/x.${ending}\n`
    await holds(t, root, states)
    t.equal(textOf(`${root}/out/top/sub/f`), 'content\n')
    t.equal(textOf(`${root}/out/top/${LONG}`), 'long\n')
    t.equal(readlinkSync(`${root}/out/top/link`), 'sub/f')
    t.equal(modeOf(`${root}/out/top/run.sh`), '0755')

    rmSync(`${root}/out/top/sub/f`)
    const [mended] = await holds(t, root, states)
    t.strictSame(mended?.changes, { extracted_files: ['top/sub/f'] })
  })
}

t.test('a zip', async (t) => {
  const { root } = folders(t)
  const files = {
    'states/x.zip': zip({ consul: ['program', 0o755], 'docs/': ['', 0o755], 'docs/read.me': ['text', 0o644] }),
  }
  const states = `${root}/out:\n  archive.extracted:\n    - source: butler://x.zip\n    - enforce_toplevel: false\n`
  await holds(t, root, states, { files })
  t.equal(textOf(`${root}/out/consul`), 'program')
  t.equal(modeOf(`${root}/out/consul`), '0755')
  t.equal(textOf(`${root}/out/docs/read.me`), 'text')
})

t.test('changed files stay, unless the archive is to win', async (t) => {
  const { root } = folders(t)
  const states = `${root}/out:\n  archive.extracted:\n    - source: butler://x.zip\n`
  const given = { files: { 'states/x.zip': zip({ 'top/f': ['one', 0o644] }) } }
  await holds(t, root, states, given)
  const newer = { files: { 'states/x.zip': zip({ 'top/f': ['two', 0o644] }) } }
  await unchanged(t, root, states, newer)
  await holds(t, root, `${states}    - source_hash_update: true\n`, newer)
  t.equal(textOf(`${root}/out/top/f`), 'two')
})

t.test('one folder at the top, or none', async (t) => {
  const { root } = folders(t)
  const files = {
    'states/x.zip': zip({ a: ['1', 0o644], b: ['2', 0o644] }),
    'states/y.zip': zip({ 'top/f': ['1', 0o644] }),
  }
  const states = (name: string, more = ''): string =>
    `${root}/out:\n  archive.extracted:\n    - source: butler://${name}\n${more}`
  t.match(await plan(states('x.zip'), { files }), [{ result: false, comment: /single top-level directory/ }])
  const stripped = '    - options: --strip-components=1\n    - enforce_toplevel: false\n'
  await holds(t, root, states('y.zip', stripped), { files })
  t.equal(textOf(`${root}/out/f`), '1')
  t.match(await plan(states('y.zip', '    - options: --transform=x\n'), { files }), [
    { result: false, comment: /can't be used/ },
  ])
})

t.test('if_missing saves the look', async (t) => {
  const { root } = folders(t)
  writeFileSync(`${root}/there`, '')
  const states = `${root}/out:\n  archive.extracted:\n    - source: /nowhere.tar\n    - if_missing: ${root}/there\n`
  await unchanged(t, root, states)
})

t.test('the wrong digest, a damaged archive, and one that would break out', async (t) => {
  const { root } = folders(t)
  const files = {
    'states/x.zip': zip({ 'top/f': ['1', 0o644] }),
    'states/bad.tar': new Uint8Array(1024).fill(65),
    'states/out.zip': zip({ '../../evil': ['1', 0o644] }),
  }
  const states = (name: string, more = ''): string =>
    `${root}/out:\n  archive.extracted:\n    - source: butler://${name}\n    - enforce_toplevel: false\n${more}`
  const cases: [string, string, RegExp][] = [
    ['x.zip', `    - source_hash: sha256=${'0'.repeat(64)}\n`, /is not the 0000/],
    ['bad.tar', '', /no tar archive, or it is damaged/],
    ['out.zip', '', /would lie outside of its folder/],
  ]
  for (const [name, more, comment] of cases)
    t.match(await plan(states(name, more), { files }), [{ result: false, comment }])
  t.notOk(existsSync(`${root}/out`))
})

t.test('what can not be read is said to be damaged', async (t) => {
  t.strictSame(readTar(new Uint8Array(1024)), [])
  t.throws(() => readTar(new Uint8Array(600).fill(1)), { code: 'bad-archive' })
  await t.rejects(readZip(new Uint8Array(100)), { code: 'bad-archive' })
})

function folders(t: Test): { root: string; from: string } {
  const [root, from] = [folder(t), folder(t)]
  mkdirSync(`${from}/top/sub`, { recursive: true })
  writeFileSync(`${from}/top/sub/f`, 'content\n')
  writeFileSync(`${from}/top/${LONG}`, 'long\n')
  writeFileSync(`${from}/top/run.sh`, '#!/bin/sh\n', { mode: 0o755 })
  symlinkSync('sub/f', `${from}/top/link`)
  return { root, from }
}

/** A zip archive, as small as it can be. */
function zip(entries: Readonly<Record<string, readonly [string, number]>>): Uint8Array {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, [text, mode]] of Object.entries(entries)) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)]
    const packed = deflateRawSync(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(crc32(content), 14)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(content.length, 22)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(8, 10)
    central.writeUInt32LE(crc32(content), 16)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(content.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE((((path.endsWith('/') ? 0o040000 : 0o100000) | mode) << 16) >>> 0, 38)
    central.writeUInt32LE(offset, 42)
    bodies.push(local, name, packed)
    directory.push(central, name)
    offset += local.length + name.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(entries).length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return new Uint8Array(Buffer.concat([...bodies, ...directory, end]))
}

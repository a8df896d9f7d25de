import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createMachine } from '../../../minion/host/machine.ts'

function folder(t: Test): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'butler-host-')))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const host = (options = {}) => createMachine({ grains: {}, pillar: {}, ...options }).host({})

t.test('looks at files', async (t) => {
  const dir = folder(t)
  writeFileSync(join(dir, 'b'), 'two')
  mkdirSync(join(dir, 'a'))
  symlinkSync('b', join(dir, 'link'))
  chmodSync(join(dir, 'b'), 0o640)
  const machine = host()
  t.match(await machine.stat(join(dir, 'b')), { type: 'file', mode: '0640', size: 3 })
  t.match(await machine.stat(join(dir, 'link')), { type: 'symlink', target: 'b' })
  t.equal((await machine.stat(join(dir, 'a')))?.type, 'directory')
  t.equal(await machine.stat(join(dir, 'none')), undefined)
  t.equal(await machine.stat(join(dir, 'b/below-a-file')), undefined)
  t.equal(await machine.read(join(dir, 'none')), undefined)
  t.same(Buffer.from((await machine.read(join(dir, 'b'))) ?? []).toString(), 'two')
  t.same(await machine.list(dir), ['a', 'b', 'link'])
  t.same(await machine.list(join(dir, 'b')), [])
  await t.rejects(machine.read(dir), { code: 'file-isdir', message: `Can't read ${dir}: it is a directory.` })
})

t.test('replaces a file in one step and keeps its mode', async (t) => {
  const dir = folder(t)
  const path = join(dir, 'f')
  const machine = host()
  await machine.write(path, 'one')
  chmodSync(path, 0o600)
  const before = lstatSync(path).ino
  await machine.write(path, 'two')
  t.equal(readFileSync(path, 'utf8'), 'two')
  t.equal(lstatSync(path).mode & 0o777, 0o600)
  t.not(lstatSync(path).ino, before)
  await machine.write(path, 'three', { mode: '0755' })
  t.equal(lstatSync(path).mode & 0o777, 0o755)
  t.same(readdirSync(dir), ['f'])
  await t.rejects(machine.write(join(dir, 'no/f'), 'x'), { code: 'file-noent', message: /no such file or directory/u })
  mkdirSync(join(dir, 'd'))
  await t.rejects(machine.write(join(dir, 'd'), 'x'), { code: 'file-isdir' })
  t.same(readdirSync(dir), ['d', 'f'], 'no temporary file is left')
})

t.test('makes, renames, touches, removes', async (t) => {
  const dir = folder(t)
  const machine = host()
  await machine.mkdir(join(dir, 'a/b'), { parents: true, mode: '0777' })
  await machine.mkdir(join(dir, 'a/b'))
  t.match(await machine.stat(join(dir, 'a/b')), { mode: '0777' })
  await t.rejects(machine.mkdir(join(dir, 'x/y')), { code: 'file-noent' })
  await machine.append(join(dir, 'a/b/f'), 'one\n')
  await machine.append(join(dir, 'a/b/f'), 'two\n')
  t.equal(readFileSync(join(dir, 'a/b/f'), 'utf8'), 'one\ntwo\n')
  await machine.symlink('f', join(dir, 'a/b/link'))
  await machine.rename(join(dir, 'a'), join(dir, 'c'))
  await machine.touch(join(dir, 'c/t'), { mtime: new Date(1_000_000) })
  t.equal((await machine.stat(join(dir, 'c/t')))?.mtimeMs, 1_000_000)
  await machine.remove(join(dir, 'c/b/link'))
  t.equal(readFileSync(join(dir, 'c/b/f'), 'utf8'), 'one\ntwo\n')
  await machine.remove(join(dir, 'c'))
  await machine.remove(join(dir, 'c'))
  t.same(readdirSync(dir), [])
})

t.test('a confined machine writes nowhere else', async (t) => {
  const dir = folder(t)
  const home = join(dir, 'home')
  mkdirSync(home)
  writeFileSync(join(dir, 'precious'), 'mine')
  symlinkSync(dir, join(home, 'out'))
  symlinkSync(join(dir, 'precious'), join(home, 'precious'))
  const machine = host({ confine: home })
  const refused = { code: 'outside-confine' }
  await machine.write(join(home, 'f'), 'x')
  await machine.mkdir(join(home, 'a/b/c'), { parents: true })
  await t.rejects(machine.write(join(dir, 'f'), 'x'), refused)
  await t.rejects(machine.write(join(home, '../f'), 'x'), refused)
  await t.rejects(machine.write(join(home, 'out/f'), 'x'), {
    ...refused,
    message: `${join(home, 'out/f')} (it leads to ${join(dir, 'f')}) is outside of ${home}, the folder of this minion.`,
  })
  await t.rejects(machine.append(join(home, 'precious'), 'x'), refused)
  await t.rejects(machine.chmod(join(home, 'precious'), '0777'), refused)
  await t.rejects(machine.touch(join(home, 'precious')), refused)
  await t.rejects(machine.remove(join(home, 'out/precious')), refused)
  await t.rejects(machine.rename(join(home, 'f'), join(dir, 'f')), refused)
  await t.rejects(machine.mkdir(`${home}-sibling`), refused)
  await machine.remove(join(home, 'precious'))
  t.equal(readFileSync(join(dir, 'precious'), 'utf8'), 'mine')
})

t.test('a minion without its folder says so', async (t) => {
  t.throws(() => createMachine({ grains: {}, pillar: {}, confine: '/no/such/folder' }), { code: 'file-noent' })
})

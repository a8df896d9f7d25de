import { mkdirSync, writeFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { layoutOf, type Layout } from '../../../core/cli/layout.ts'
import { formatAddress, parseAddress, readConfig } from '../../../minion/config/config.ts'
import { temporaryFolder } from '../loopback/folder.ts'

const root = temporaryFolder(t)
const layout: Layout = layoutOf({ root })
mkdirSync(layout.config, { recursive: true })
const file = join(layout.config, 'minion.yaml')

t.test('without a file the defaults hold', async (t) => {
  t.strictSame(await readConfig(layout), {
    id: undefined,
    master: undefined,
    caFingerprint: undefined,
    confine: undefined,
    grains: {},
  })
})

t.test('reads what is there; the copy in the cache is used only for the same text', async (t) => {
  writeFileSync(file, 'master: one.example.org\nconfine: /srv/x\ngrains:\n  rack: 7\n  mode: 0644\n')
  const expected = {
    master: { host: 'one.example.org', port: 4510 },
    confine: '/srv/x',
    grains: { rack: 7, mode: 644 },
  }
  t.match(await readConfig(layout), expected)
  t.match(JSON.parse(readFileSync(join(layout.cache, 'minion.json'), 'utf8')), { settings: { confine: '/srv/x' } })
  t.match(await readConfig(layout), expected)
  writeFileSync(file, 'master: two.example.org:99\n')
  t.match(await readConfig(layout), { master: { host: 'two.example.org', port: 99 }, confine: undefined })
  writeFileSync(join(layout.cache, 'minion.json'), '{"digest":')
  t.match(await readConfig(layout), { master: { port: 99 } })
  rmSync(layout.cache, { recursive: true })
  t.match(await readConfig(layout), { master: { port: 99 } })
})

t.test('says what is wrong, where, and the nearest right word', async (t) => {
  const errors = async (text: string): Promise<unknown> => {
    writeFileSync(file, text)
    return readConfig(layout).catch((error: unknown) => error)
  }
  t.match(await errors('mastre: x\n'), {
    errors: [{ code: 'unknown-setting', hint: "Did you mean 'master'?", at: { file, line: 1, column: 1 } }],
  })
  t.match(await errors('id: a\nconfine: home\n'), { errors: [{ code: 'bad-setting', at: { line: 2 } }] })
  t.match(await errors('- a\n'), { errors: [{ message: /are a map/u }] })
  t.match(await errors('id: ../x\n'), { code: 'bad-id' })
  t.match(await errors('master: http://x/\n'), { code: 'bad-address' })
})

t.test('addresses', async (t) => {
  t.strictSame(parseAddress('h'), { host: 'h', port: 4510 })
  t.strictSame(parseAddress('10.0.0.1:80'), { host: '10.0.0.1', port: 80 })
  t.strictSame(parseAddress('[2001:db8::1]:80'), { host: '2001:db8::1', port: 80 })
  t.equal(formatAddress({ host: '2001:db8::1', port: 80 }), '[2001:db8::1]:80')
  for (const bad of ['', 'a b', 'h:0', 'h:99999', 'h:x', 'a/b'])
    t.throws(() => parseAddress(bad), { code: 'bad-address' })
})

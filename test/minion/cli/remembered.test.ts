import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Made } from '../../../core/desired/create.ts'
import { RememberedOnDisk } from '../../../minion/cli/local/remembered.ts'

const made = (sls: string): Made => ({
  low: { schema: 'butler.low/1', chunks: [], secrets: [], files: {}, warnings: [], sls: [sls] },
  reads: { files: { 'states/web.yaml': 'a' }, roles: 'b', grains: {}, mine: [] },
})

t.test('what one call compiled the next one finds, and nobody else', (t) => {
  const folder = join(t.testdir(), 'cache/compiled')
  new RememberedOnDisk(folder, '1.0').set('web', made('web'))
  t.same(new RememberedOnDisk(folder, '1.0').get('web'), made('web'))
  t.equal(new RememberedOnDisk(folder, '1.1').get('web'), undefined, 'another version compiles for itself')
  t.equal(new RememberedOnDisk(folder, '1.0').get('db'), undefined)
  t.equal(statSync(folder).mode & 0o777, 0o700)
  for (const name of readdirSync(folder)) t.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
  t.end()
})

t.test('a file that was cut off, or can not be written, is one that is not there', (t) => {
  const folder = join(t.testdir(), 'compiled')
  const memory = new RememberedOnDisk(folder, '1.0')
  memory.set('web', made('web'))
  const [file = ''] = readdirSync(folder)
  writeFileSync(join(folder, file), '{"low": {"schema"')
  t.equal(memory.get('web'), undefined)
  memory.set('web', made('web'))
  t.same(memory.get('web'), made('web'), 'the next call writes it anew')
  const below = join(folder, file, 'below')
  new RememberedOnDisk(below, '1.0').set('web', made('web'))
  t.equal(existsSync(below), false, 'a file stands where the folder should be')
  t.end()
})

t.test('old ones make place for new ones', (t) => {
  const folder = t.testdir()
  const memory = new RememberedOnDisk(folder, '1.0')
  for (let number = 0; number < 70; number++) memory.set(`web${number}`, made('web'))
  t.equal(readdirSync(folder).length, 64)
  t.same(memory.get('web69'), made('web'))
  t.end()
})

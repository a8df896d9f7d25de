import { join } from 'node:path'
import t from 'tap'
import { parseDocument, readConfiguration } from '../../../tracker/model/document.ts'
import { temporaryFolder } from '../folder.ts'

t.test('JSON: what is wrong, and where', async (t) => {
  for (const [text, message, line, column] of [
    ['{"a": 1,}', /not JSON/, 1, 9],
    ['{\n  "a": tru\n}', /not JSON/, 2, 8],
    ['{"a": 1', /not JSON/, 1, 8],
    ['', /not JSON/, 1, 1],
    ['{"a": 1,\n "b": {"c": 1, "c": 2}}', /'c' stands twice/, 2, 16],
    ['{"a": 1, "\\u0061": 2}', /'a' stands twice/, 1, 10],
  ] as const) {
    t.throws(() => parseDocument(text, 'x.json'), { message, at: { file: 'x.json', line, column } }, text)
  }
})

t.test('JSON: keys of different objects may be the same, and text may look like keys', async (t) => {
  const value = { a: { a: [{ a: 1 }, { a: '"a": {' }] }, b: '\\' }
  t.strictSame(parseDocument(JSON.stringify(value), 'x.json').value, value)
})

t.test('YAML and JSON say where a value stands', async (t) => {
  t.match(parseDocument('a:\n  b: 1\n', 'x.yaml').placeOf(['a', 'b']), { file: 'x.yaml', line: 2 })
  t.match(parseDocument('{"a":\n {"b": 1}}', 'x.json').placeOf(['a', 'b']), { file: 'x.json', line: 2 })
})

t.test('a configuration is a map', async (t) => {
  const folder = temporaryFolder(t, {
    'list.json': '[1]',
    'text.json': '"x"',
    'null.json': 'null',
    'empty.yaml': '',
    'fine.yaml': 'a: {b: 1}\n',
    'bad.yaml': 'a: [1\n',
  })
  const read = (name: string) => readConfiguration(join(folder, name))
  await t.rejects(read('list.json'), { code: 'bad-configuration', message: /this one is a list/ })
  await t.rejects(read('text.json'), { message: /this one is "x"/ })
  await t.rejects(read('null.json'), { message: /this one is empty/ })
  await t.rejects(read('empty.yaml'), { message: /this one is empty/ })
  await t.rejects(read('bad.yaml'))
  await t.rejects(read('nowhere.json'), { code: 'no-such-file', message: /nowhere.json/ })
  await t.rejects(readConfiguration(folder), { code: 'not-a-file' })
  t.strictSame(await read('fine.yaml'), { a: { b: 1 } })
})

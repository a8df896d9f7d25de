import t from 'tap'
import { canonicalJson } from '../../../tracker/model/canonical.ts'
import { parseDay } from '../../../tracker/model/dates.ts'
import { configurationIdOfFile, isConfigurationId, parseConfigurationId, parseId } from '../../../tracker/model/ids.ts'
import { formatSize, parseSize } from '../../../tracker/model/size.ts'

t.test('dates: month first, or ISO', async (t) => {
  t.equal(parseDay('01-02-2017'), '2017-01-02')
  t.equal(parseDay('1/2/2017'), '2017-01-02')
  t.equal(parseDay('2017-01-02'), '2017-01-02')
  t.equal(parseDay('02-29-2024'), '2024-02-29')
  for (const [bad, reason] of [
    ['13-01-2017', 'there is no month 13'],
    ['02-29-2023', 'month 2 of 2023 has days 1 to 28'],
    ['00-10-2017', 'there is no month 0'],
    ['01-00-2017', 'has days 1 to 31'],
    ['yesterday', "'yesterday' is no date"],
    ['2017-1-1', "'2017-1-1' is no date"],
    ['2017-01-01T10:00:00Z', 'is no date'],
    ['', "'' is no date"],
  ] as const) {
    t.throws(() => parseDay(bad), { code: 'bad-date', message: new RegExp(reason) }, bad)
  }
})

t.test('ids are whole numbers from 1', async (t) => {
  t.equal(parseId('12', 'a workflow'), 12)
  for (const bad of ['0', '-1', '1.5', 'x', '', '1e3', '99999999999', ' 1']) {
    t.throws(() => parseId(bad, 'a workflow'), { code: 'bad-id', message: `'${bad}' is no id of a workflow.` }, bad)
  }
})

t.test('a configuration has a version 4 UUID, lower case, with dashes', async (t) => {
  const id = '2f1a8f0e-6b1d-4c7e-9d55-0a6f2b3c4d5e'
  t.equal(isConfigurationId(id), true)
  t.equal(isConfigurationId(id.toUpperCase()), false)
  t.equal(isConfigurationId(id.replaceAll('-', '')), false)
  t.equal(isConfigurationId('2f1a8f0e-6b1d-1c7e-9d55-0a6f2b3c4d5e'), false, 'version 1')
  t.equal(configurationIdOfFile(`/some/where/${id}.json`), id)
  t.throws(() => configurationIdOfFile('/some/sample.json'), {
    code: 'bad-id',
    message: "'sample' is no id of a configuration.",
  })
  t.throws(() => parseConfigurationId('x'), { code: 'bad-id' })
})

t.test('two configurations that mean the same have one text', async (t) => {
  t.equal(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true }), '{"a":true,"b":[1,{"c":"x","d":null}]}')
  t.equal(canonicalJson({ a: 1, b: 2 }), canonicalJson({ b: 2, a: 1 }))
  t.not(canonicalJson({ a: [1, 2] }), canonicalJson({ a: [2, 1] }))
})

t.test('sizes', async (t) => {
  t.strictSame(['8G', '512M', '1.5 KiB', '100', '2TB', 'much', '-1G'].map(parseSize), [
    8 * 1024 ** 3,
    512 * 1024 ** 2,
    1536,
    100,
    2 * 1024 ** 4,
    undefined,
    undefined,
  ])
  t.strictSame([0, 100, 1536, 8 * 1024 ** 3].map(formatSize), ['0 B', '100 B', '1.5 KiB', '8 GiB'])
})

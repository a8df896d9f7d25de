import t from 'tap'
import { userErrorsOf } from '../../core/errors.ts'
import { parseConfig } from '../../master/config.ts'

t.test('an empty file has all defaults', async (t) => {
  t.match(parseConfig('', 'master.yaml'), {
    port: 4510,
    names: [],
    sources: [],
    poll: 60_000,
    deadlines: { delivery: 30_000, run: 3_600_000 },
  })
})

t.test('durations are written as people write them', async (t) => {
  t.match(parseConfig('poll: 5s\ndeadlines: { run: 2h }\nretention: { age: 7d }', 'master.yaml'), {
    poll: 5000,
    deadlines: { delivery: 30_000, run: 7_200_000 },
    retention: { age: 604_800_000 },
  })
})

const wrong: readonly [string, string, object][] = [
  ['a misspelt setting', 'lisen: x', { code: 'unknown-setting', hint: "Did you mean 'listen'?", at: { line: 1 } }],
  [
    'a misspelt setting of a source',
    'sources:\n- name: a\n  git: /x\n  brnch: main',
    { code: 'unknown-setting', hint: "Did you mean 'branch'?", at: { file: 'master.yaml', line: 4, column: 3 } },
  ],
  ['one below', 'deadlines:\n  delivry: 3s', { hint: "Did you mean 'delivery'?", at: { line: 2, column: 3 } }],
  ['no duration', 'poll: 7x', { code: 'bad-setting', message: /'7x' is no duration/u, at: { line: 1 } }],
  ['no number', 'port: http', { code: 'bad-setting', message: /^port: /u }],
  ['no map', '- a', { code: 'bad-setting', message: /is a map/u }],
  [
    'two of one name',
    'sources:\n- { name: a, git: x }\n- { name: a, folder: y }',
    { code: 'same-source', at: { line: 3 } },
  ],
]

for (const [what, text, error] of wrong) {
  t.test(`${what} is an error with its place`, async (t) => {
    try {
      parseConfig(text, 'master.yaml')
      t.fail('it was taken')
    } catch (thrown) {
      t.match(userErrorsOf(thrown)?.[0], error)
    }
  })
}

import t from 'tap'
import type { Data } from '../../../core/data.ts'
import { conditionOf, type Asked } from '../../../master/orchestrate/condition.ts'

const nothing: Asked = {
  id: 'step',
  asks: 'function',
  function: 'test.echo',
  command: undefined,
  arg: [],
  kwarg: {},
  equals: undefined,
  has: undefined,
  matches: undefined,
}

interface Row {
  asked: Partial<Asked>
  what: string
  yes: Data[]
  no: [answer: Data, why: string][]
}

const command: Partial<Asked> = { function: undefined, command: 'true' }

const TABLE: Row[] = [
  {
    asked: {},
    what: 'test.echo',
    yes: [true, 1, 'x', ['x'], { a: 1 }],
    no: [
      [false, 'answered false'],
      [[], 'answered []'],
      [{}, 'answered {}'],
      [null, 'answered null'],
    ],
  },
  {
    asked: { equals: { a: [1] } },
    what: 'test.echo is {"a":[1]}',
    yes: [{ a: [1] }],
    no: [[{ a: [2] }, 'answered {"a":[2]}']],
  },
  {
    asked: { has: ['airflow', 'celery'] },
    what: 'test.echo has airflow, celery',
    yes: [['celery', 'airflow', 'x'], { airflow: {}, celery: {} }, ' airflow\ncelery\n'],
    no: [
      [['airflow'], 'has no celery: there is ["airflow"]'],
      [7, 'has no airflow, celery: there is nothing'],
    ],
  },
  {
    asked: { matches: '^ready$' },
    what: 'test.echo matches /^ready$/',
    yes: ['is\nready\n'],
    no: [['not ready', 'answered "not ready"']],
  },
  {
    asked: command,
    what: "'true' succeeds",
    yes: [{ retcode: 0 }],
    no: [
      [{ retcode: 3, stdout: 'a\nb', stderr: '' }, 'ended with 3: b'],
      [{ retcode: 1, stdout: '', stderr: '' }, 'ended with 1'],
    ],
  },
  { asked: { ...command, equals: 3 }, what: '\'true\' is "3"', yes: ['3'], no: [['4', 'answered "4"']] },
]

for (const { asked, what, yes, no } of TABLE) {
  t.test(what, async (t) => {
    const condition = conditionOf({ ...nothing, ...asked })
    t.equal(condition.what, what)
    for (const answer of yes) t.equal(condition.judge(answer), undefined, JSON.stringify(answer))
    for (const [answer, why] of no) t.equal(condition.judge(answer), why)
  })
}

const wrong = (asked: Partial<Asked>) => () => conditionOf({ ...nothing, ...asked })

t.test('what can not be asked', async (t) => {
  t.throws(wrong({ function: undefined }), { code: 'bad-condition', message: /needs either 'function' or 'command'/u })
  t.throws(wrong({ command: 'true' }), { code: 'bad-condition' })
  t.throws(wrong({ equals: 1, has: ['x'] }), { message: /more than one of 'equals', 'has' and 'matches'/u })
  t.throws(wrong({ matches: '(' }), { message: /no regular expression: \(/u })
})

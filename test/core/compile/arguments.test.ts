import t from 'tap'
import { checkArgs, nameWords, parseWords } from '../../../core/compile/arguments.ts'
import { mergeData } from '../../../core/compile/merge.ts'
import { userErrorsOf } from '../../../core/errors.ts'
import { args, flag, integer, oneOf, text } from '../../../core/module/args.ts'
import { secretMarker } from '../../../core/secret.ts'

const schema = args({
  name: text('Its name.'),
  count: integer('How many.').optional(),
  kind: oneOf(['small', 'large'], 'Which.').optional(),
  force: flag('Even so.').default(false),
})

t.test('arguments are checked, and defaults filled in', async (t) => {
  t.strictSame(checkArgs(schema, { name: 5 }, { what: 'x.y' }), { name: '5', force: false })
})

t.test('each wrong argument is an error of its own', async (t) => {
  const messages = messagesOf(() =>
    checkArgs(schema, { nam: 'x', count: 1.5, kind: 'smal', force: secretMarker('a') }, { what: 'x.y' }),
  )
  t.strictSame(messages, [
    "'x.y' needs the argument 'name'. ",
    "The argument 'count' of 'x.y' must be a whole number, not 1.5. ",
    "The argument 'kind' of 'x.y' must be one of small, large, not 'smal'. Did you mean 'small'?",
    "The argument 'force' of 'x.y' must be true or false, not a secret. ",
    "'x.y' has no argument 'nam'. Did you mean 'name'?",
  ])
})

t.test('words of a command line are read as Salt reads them', async (t) => {
  t.strictSame(
    parseWords(['a', '5', 'true', '[1, x]', '{a: 1}', 'echo a: b', '- x', '1_000', '#x', '', 'k=v', 'n=0644', 'e=a=b']),
    {
      positional: ['a', 5, true, [1, 'x'], { a: 1 }, 'echo a: b', '- x', '1_000', '#x', ''],
      named: { k: 'v', n: 644, e: 'a=b' },
    },
  )
})

t.test('positional words fill the arguments that are not named', async (t) => {
  t.strictSame(nameWords(schema, { positional: ['x', true], named: { count: 1, kind: 'small' } }, { what: 'x.y' }), {
    name: 'x',
    force: true,
    count: 1,
    kind: 'small',
  })
  const tooMany = messagesOf(() => nameWords(schema, { positional: [1, 2, 3, 4, 5], named: {} }, { what: 'x.y' }))
  t.strictSame(tooMany, ["'x.y' has no argument left for 5. It takes: name, count, kind, force."])
})

t.test('maps merge, lists replace', async (t) => {
  const base = { a: { b: 1, c: [1] }, d: 1 }
  t.strictSame(mergeData(base, { a: { c: [2] }, e: { f: 1 } }), { a: { b: 1, c: [2] }, d: 1, e: { f: 1 } })
  t.strictSame(base, { a: { b: 1, c: [1] }, d: 1 }, 'the inputs stay as they are')
})

function messagesOf(work: () => unknown): string[] {
  try {
    work()
    return []
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return errors.map(({ message, hint }) => `${message} ${hint ?? ''}`)
  }
}

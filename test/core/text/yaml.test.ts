import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import type { Data } from '../../../core/data.ts'
import { formatPlace, userErrorsOf } from '../../../core/errors.ts'
import { parseYaml } from '../../../core/text/yaml.ts'

t.test("plain scalars mean what Salt's loader makes of them", async (t) => {
  const cases: [string, Data][] = [
    ['yes', true],
    ['Yes', true],
    ['NO', false],
    ['on', true],
    ['Off', false],
    ['true', true],
    ['FALSE', false],
    ['tRue', 'tRue'],
    ['y', 'y'],
    ['N', 'N'],
    ['~', null],
    ['null', null],
    ['NULL', null],
    ['nULL', 'nULL'],
    ['None', 'None'],
    ['0', 0],
    ['00', 0],
    ['-0', 0],
    ['5', 5],
    ['+5', 5],
    ['-5', -5],
    ['0644', 644],
    ['0755', 755],
    ['010', 10],
    ['-0644', -420],
    ['08', '08'],
    ['0o17', '0o17'],
    ['0x1F', 31],
    ['0b101', 5],
    ['1_000', 1000],
    ['12345678901234567890', '12345678901234567890'],
    ['1.5', 1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['1.5e+3', 1500],
    ['1.5e3', '1.5e3'],
    ['1e3', '1e3'],
    ['1:30', 90],
    ['22:22:22', 80_542],
    ['80:80', '80:80'],
    ['2016-01-01', '2016-01-01'],
    ['2016-01-01 10:00:00', '2016-01-01 10:00:00'],
    ['1.2.3', '1.2.3'],
    ['10.0.0.1', '10.0.0.1'],
    ["'0644'", '0644'],
    ['"yes"', 'yes'],
    ['!!str 0644', '0644'],
    ['!!int "5"', 5],
  ]
  for (const [text, value] of cases) {
    t.strictSame(parseYaml(`a: ${text}`, 'f').value, { a: value }, text)
  }
})

t.test('keys are text as they are written', async (t) => {
  const { value } = parseYaml('yes: 1\n0644: 2\n~: 3\n__proto__: 4', 'f')
  t.strictSame(Object.entries(value ?? {}), [
    ['yes', 1],
    ['0644', 2],
    ['~', 3],
    ['__proto__', 4],
  ])
})

t.test('block text, anchors and merged maps', async (t) => {
  t.strictSame(parseYaml('a: |\n  x\n  y\nb: >\n  f\n  g\nc: |-\n  z\n', 'f').value, {
    a: 'x\ny\n',
    b: 'f g\n',
    c: 'z',
  })
  t.strictSame(parseYaml('a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\nc: {<<: [{p: 5}, *x]}', 'f').value, {
    a: { p: 1, q: 2 },
    b: { p: 1, q: 3 },
    c: { p: 5, q: 2 },
  })
  t.equal(parseYaml('# nothing', 'f').value, null)
})

t.test('every value has its place', async (t) => {
  const yaml = parseYaml('a:\n  - b: 1\n    c: [x, y]\n', 'f.yaml')
  t.equal(formatPlace(yaml.placeOf([])), 'f.yaml:1:1')
  t.equal(formatPlace(yaml.placeOf(['a'])), 'f.yaml:1:1')
  t.equal(formatPlace(yaml.placeOf(['a', 0, 'c'])), 'f.yaml:3:5')
  t.equal(formatPlace(yaml.placeOf(['a', 0, 'c', 1])), 'f.yaml:3:12')
  t.equal(formatPlace(yaml.placeOf(['a', 0, 'missing', 'deeper'])), 'f.yaml:2:5', 'as far as the path leads')
})

t.test('what is no YAML is told with its place', async (t) => {
  const cases: [string, string, string][] = [
    ['a:\n\tb: 1', 'yaml-tab', 'f:2:1'],
    ['a:\n  - x\n\t- y', 'yaml-tab', 'f:3:1'],
    ['a: 1\nb: 2\na: 3', 'duplicate-key', 'f:3:1'],
    ['a: b: c', 'yaml-syntax', 'f:1:4'],
    ['a: [1, 2', 'yaml-syntax', 'f:1:9'],
    ['a: "x', 'yaml-syntax', 'f:1:6'],
    ['a: @x', 'yaml-syntax', 'f:1:4'],
    ['a: *x', 'bad-alias', 'f:1:4'],
    ['a: &a [*a]', 'bad-alias', 'f:1:8'],
    ['? [a]\n: 1', 'bad-key', 'f:1:3'],
    ['a: !!python/name:os.system x', 'unknown-tag', 'f:1:28'],
    ['a: .inf', 'not-finite', 'f:1:4'],
    ['a: {<<: 5}', 'bad-merge', 'f:1:9'],
    ['--- 1\n--- 2', 'yaml-syntax', 'f:2:1'],
    ['['.repeat(5000), 'yaml-too-deep', 'f:1:1'],
    ['- '.repeat(3000), 'yaml-too-deep', 'f:1:1'],
  ]
  for (const [text, code, place] of cases) {
    const [first] = errorsOf(text)
    t.equal(first?.code, code, text.slice(0, 40))
    t.equal(first?.at && formatPlace(first.at), place, text.slice(0, 40))
  }
})

t.test('a few lines cannot fill the memory', async (t) => {
  const lines = Array.from({ length: 12 }, (_, index) => {
    const item = index === 0 ? 'x' : `*a${index - 1}`
    return `a${index}: &a${index} [${Array.from({ length: 9 }, () => item).join(', ')}]`
  })
  t.equal(errorsOf(lines.join('\n'))[0]?.code, 'yaml-bomb')
})

t.test('data that was written as YAML 1.1 is read back the same', async (t) => {
  const text = fc.stringMatching(/^[\w .:#'"{}[\],&*!|>%@`?-]{0,12}$/u)
  const leaf = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), text)
  const { tree } = fc.letrec<{ tree: Data }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(tree, (data) => {
      const { value } = parseYaml(
        stringify(data, { version: '1.1', lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' }),
        'f',
      )
      t.strictSame(JSON.parse(JSON.stringify(value)), JSON.parse(JSON.stringify(data)))
    }),
    { numRuns: 200 },
  )
})

t.test('any text is read or refused, never a bug', async () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      '\n',
      '  ',
      '- ',
      ': ',
      '? ',
      '{',
      '}',
      '[',
      ']',
      '|\n',
      '>',
      '"',
      "'",
      '#',
      '&a ',
      '*a',
      '!!str ',
      '<<: ',
      '\t',
      '---\n',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      errorsOf(pieces.join(''))
    }),
    { numRuns: 500 },
  )
})

/** The errors of a text; none when it is read. Throws what is a bug. */
function errorsOf(text: string) {
  try {
    parseYaml(text, 'f')
    return []
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return errors
  }
}

import t from 'tap'
import { compile } from '../../../core/compile/compile.ts'
import { type UserError, userErrorsOf } from '../../../core/errors.ts'
import { catalog } from '../../../modules/catalog.ts'
import { snapshotOf } from './memory-snapshot.ts'

// Whatever lies in a source, there is a low state or an error that says what is wrong, where, and what to do. A test that
// takes too long is ended by the runner: that is how the time is bounded here.

type Files = Readonly<Record<string, string>>

function compiled(files: Files, apply: string): { ids: string[] } | { errors: readonly UserError[] } {
  const minion = { id: 'm1', grains: {}, roles: [], pillar: {} }
  try {
    const low = compile({ snapshot: snapshotOf(files), apply: [apply], catalog, minion, mine: () => ({}) })
    return { ids: low.chunks.map(({ id }) => id) }
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return { errors }
  }
}

const main = (text: string): Files => ({ 'states/main.yaml': text })

function lines(count: number, line: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => line(number)).join('\n')
}

t.test('what is unusual and right', async (t) => {
  const right: Record<string, [files: Files, ids: string[]]> = {
    'lines that end as on Windows': [main('a:\r\n  test.nop:\r\n    - name: b\r\n'), ['a']],
    'a mark of the byte order': [main('\uFEFFa:\n  test.nop: []\n'), ['a']],
    'the same before a template': [main('\uFEFF{{#if true}}\na:\n  test.nop: []\n{{/if}}\n'), ['a']],
    'names with spaces': [
      main("'a b':\n  test.nop: []\nc:\n  test.nop: [{ require: [{ test: 'a b' }] }]\n"),
      ['a b', 'c'],
    ],
    'any letters': [
      main('größe✓𝒳:\n  test.nop: []\nb:\n  test.nop: [{ require: [{ test: größe✓𝒳 }] }]\n'),
      ['größe✓𝒳', 'b'],
    ],
    "Salt's own separator": [
      main("'a_|-b': { test.nop: [] }\n'test_|-a_|-b_|-nop': { test.nop: [{ require: [{ test: 'a_|-b' }] }] }\n"),
      ['a_|-b', 'test_|-a_|-b_|-nop'],
    ],
    'names that JavaScript knows': [
      main('constructor: { test.nop: [] }\ntoString: { test.nop: [{ require: [{ test: constructor }] }] }\n'),
      ['constructor', 'toString'],
    ],
    'files that include each other': [
      { ...main('include: [b]\na: { test.nop: [] }\n'), 'states/b.yaml': 'include: [main]\nb: { test.nop: [] }\n' },
      ['b', 'a'],
    ],
    'a file that includes itself': [main('include: [main]\na: { test.nop: [] }\n'), ['a']],
    'a number that no computer counts to': [main(`a: { test.nop: [{ name: 1${'0'.repeat(400)} }] }\n`), ['a']],
    'half a character': [main('a: { test.nop: [{ name: "\\ud800" }] }\n'), ['a']],
    'a file of remarks': [main(`${lines(100_000, (number) => `# remark ${number}`)}\na: { test.nop: [] }\n`), ['a']],
  }
  for (const [what, [files, ids]] of Object.entries(right)) t.same(compiled(files, 'main'), { ids }, what)
})

t.test('what is wrong, or made to hurt', async (t) => {
  const wrong: Record<string, [files: Files, code: string, at?: string]> = {
    'ten megabytes': [main(`a: { test.nop: [{ name: ${'x'.repeat(1e7)} }] }\n`), 'yaml-too-large', 'states/main.yaml'],
    'millions of items': [main(`a: { test.nop: [{ name: [${'1,'.repeat(3e6)}1] }] }\n`), 'yaml-too-large'],
    'brackets a hundred thousand deep': [main(`a: ${'['.repeat(1e5)}${']'.repeat(1e5)}\n`), 'yaml-too-deep'],
    'lines that go further and further in': [main(lines(3000, (number) => `${' '.repeat(number)}a:`)), 'yaml-too-deep'],
    'maps thousands deep': [
      main(`a: { test.nop: [{ name: ${'{ a: '.repeat(5000)}1${' }'.repeat(5000)} }] }\n`),
      'yaml-too-deep',
    ],
    'aliases that unfold to millions': [
      main(`a: &a0 [1]\n${lines(30, (number) => `b${number}: &a${number + 1} [*a${number}, *a${number}]`)}\n`),
      'yaml-bomb',
    ],
    'an anchor inside itself': [main('a: &x\n  test.nop: *x\n'), 'bad-alias', 'states/main.yaml:2'],
    'a merge of itself': [main('a: &x\n  <<: *x\n  test.nop: []\n'), 'bad-alias', 'states/main.yaml:2'],
    'a partial that takes in itself': [
      { ...main('{{> web}}\n'), 'states/web.hbs': '{{> web}}\n' },
      'endless-partial',
      'states/web.hbs:1',
    ],
    'partials that take in each other': [
      { ...main('{{> a}}\n'), 'states/a.hbs': '{{> b}}\n', 'states/b.hbs': '{{> a}}\n' },
      'endless-partial',
      'states/b.hbs:1',
    ],
    'bytes that are no text': [main('a: "\u0000\u0001"\n'), 'yaml-no-text', 'states/main.yaml:1'],
    'UTF-16': [main(Buffer.from('a:\n  test.nop: []\n', 'utf16le').toString('latin1')), 'yaml-no-text'],
    'bytes that are no UTF-8': [main('a:\n  test.nop: []\n# \uFFFD\n'), 'yaml-no-text', 'states/main.yaml:3'],
    'a colour for the screen': [main('a:\n  test.nop: []\n# \u001B[31m\n'), 'yaml-no-text', 'states/main.yaml:3'],
    'several documents': [main('a: { test.nop: [] }\n---\nb: { test.nop: [] }\n'), 'yaml-syntax', 'states/main.yaml:2'],
    'a tag that would run something': [main('a: !!python/object/apply:os.system [id]\n'), 'unknown-tag'],
    'an include outside the states': [main('include: [../../etc/passwd]\na: { test.nop: [] }\n'), 'bad-include'],
    'a source outside the states': [
      main('/tmp/x: { file.managed: [{ source: salt://../../etc/shadow }] }\n'),
      'bad-source',
      'states/main.yaml:1',
    ],
    'a path with a hole': [main('"/tmp/a\\0b": { file.managed: [] }\n'), 'bad-argument', 'states/main.yaml:1'],
    'an argument that JavaScript knows': [main('a: { test.nop: [{ __proto__: { x: 1 } }] }\n'), 'unknown-argument'],
    'an id that JavaScript knows': [main('__proto__: { test.nop: [] }\n'), 'reserved-id', 'states/main.yaml:1'],
    'all that require all': [
      main(lines(300, (number) => `s${number}: { test.nop: [{ require: [{ test: 's*' }] }] }`)),
      'requisite-cycle',
    ],
  }
  for (const [what, [files, code, at]] of Object.entries(wrong)) {
    const made = compiled(files, 'main')
    if ('ids' in made) {
      t.fail(`${what} gave a low state`)
      continue
    }
    const [first] = made.errors
    t.equal(first?.code, code, what)
    if (at !== undefined) t.equal(`${first?.at?.file}:${first?.at?.line}`.replace(/:undefined$/u, ''), at, what)
    t.ok((first?.message.length ?? 0) < 500, `${what} is told shortly`)
  }
})

t.test('all that is wrong is told, not the first of it', async (t) => {
  const made = compiled(main(lines(2000, (number) => `s${number}: { test.nope: [] }`)), 'main')
  t.equal('errors' in made ? made.errors.length : 0, 2000)
})

t.test('names that are no names of state files', async (t) => {
  const files = main('a: { test.nop: [] }\n')
  for (const apply of [
    '',
    '.',
    '..',
    '../main',
    '/etc/passwd',
    'main.yaml',
    'main/',
    'ma in',
    'größe',
    'x'.repeat(10_000),
  ]) {
    const made = compiled(files, apply)
    t.equal('errors' in made ? made.errors[0]?.code : 'a low state', 'missing-state-file', apply.slice(0, 20))
  }
})

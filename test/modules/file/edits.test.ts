import { writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { folder, holds, plan, textOf, unchanged } from '../applied.ts'

interface Case {
  what: string
  state: string
  /** In YAML's flow form. */
  args: string
  before?: string
  after: string
}

const CASES: readonly Case[] = [
  { what: 'appends a line', state: 'append', args: '{text: b}', before: 'a\n', after: 'a\nb\n' },
  { what: 'appends after a line without an end', state: 'append', args: '{text: b}', before: 'a', after: 'a\nb\n' },
  {
    what: 'appends what is missing of a list',
    state: 'append',
    args: '{text: [a, b, c]}',
    before: 'b\n',
    after: 'b\na\nc\n',
  },
  { what: 'makes the file it appends to', state: 'append', args: '{text: [a, b]}', after: 'a\nb\n' },
  { what: 'compares whole lines', state: 'append', args: '{text: port}', before: 'port 1\n', after: 'port 1\nport\n' },
  { what: 'prepends', state: 'prepend', args: '{text: [a, b]}', before: 'b\nc\n', after: 'a\nb\nc\n' },
  {
    what: 'prepends a header',
    state: 'prepend',
    args: '{text: [a], header: true}',
    before: 'x\na\n',
    after: 'a\nx\na\n',
  },
  { what: 'replaces', state: 'replace', args: "{pattern: '^a$', repl: z}", before: 'a\naa\na\n', after: 'z\naa\nz\n' },
  { what: 'replaces some', state: 'replace', args: '{pattern: a, repl: b, count: 1}', before: 'a c\n', after: 'b c\n' },
  {
    what: 'replaces with groups',
    state: 'replace',
    args: String.raw`{pattern: '(?P<key>\w+)=(\d+)', repl: '\2=\g<key>'}`,
    before: 'port=1\n',
    after: '1=port\n',
  },
  {
    what: 'replaces or appends',
    state: 'replace',
    args: "{pattern: '^port .*$', repl: port 1, append_if_not_found: true}",
    before: 'x\n',
    after: 'x\nport 1\n',
  },
  {
    what: 'sets a value',
    state: 'keyvalue',
    args: '{key: port, value: 5}',
    before: 'a=1\nport = 1\n',
    after: 'a=1\nport = 5\n',
  },
  {
    what: 'sets values, commented and missing ones too',
    state: 'keyvalue',
    args: "{key_values: {a: 1, b: 2}, separator: ' = ', uncomment: '#', append_if_not_found: true}",
    before: '#a = 0\n',
    after: 'a = 1\nb = 2\n',
  },
  {
    what: 'sets values after spaces',
    state: 'keyvalue',
    args: "{key: a, value: 2, separator: ' '}",
    before: 'a 1\n',
    after: 'a 2\n',
  },
  {
    what: 'ensures a line',
    state: 'line',
    args: '{mode: ensure, content: b, after: a}',
    before: '  a\nc\n',
    after: '  a\n  b\nc\n',
  },
  {
    what: 'ensures before',
    state: 'line',
    args: '{mode: ensure, content: b, before: c}',
    before: 'a\nc\n',
    after: 'a\nb\nc\n',
  },
  {
    what: 'ensures between',
    state: 'line',
    args: '{mode: ensure, content: new, after: a, before: c}',
    before: 'a\nold\nc\n',
    after: 'a\nnew\nc\n',
  },
  {
    what: 'inserts at the end',
    state: 'line',
    args: '{mode: insert, content: z, location: end}',
    before: 'a\n',
    after: 'a\nz\n',
  },
  {
    what: 'replaces lines',
    state: 'line',
    args: '{mode: replace, content: z, match: a.c}',
    before: 'abc\nx\n',
    after: 'z\nx\n',
  },
  { what: 'deletes lines', state: 'line', args: '{mode: delete, match: b}', before: 'a\nb\n', after: 'a\n' },
  { what: 'comments', state: 'comment', args: '{regex: ^b}', before: 'a\nb\n  b\n', after: 'a\n#b\n#  b\n' },
  { what: 'uncomments', state: 'uncomment', args: '{regex: ^b}', before: 'a\n#b\n  # b\n', after: 'a\nb\n  b\n' },
  {
    what: 'replaces a block',
    state: 'blockreplace',
    args: "{marker_start: '#<', marker_end: '#>', content: [x, y]}",
    before: 'a\n#<\nold\n#>\nb\n',
    after: 'a\n#<\nx\ny\n#>\nb\n',
  },
  {
    what: 'adds a block',
    state: 'blockreplace',
    args: "{marker_start: '#<', marker_end: '#>', content: x, append_if_not_found: true}",
    before: 'a\n',
    after: 'a\n#<\nx\n#>\n',
  },
]

for (const one of CASES) t.test(`file.${one.state} ${one.what}`, (t) => edits(t, one))

async function edits(t: Test, { state, args, before, after }: Case): Promise<void> {
  const root = folder(t)
  if (before !== undefined) writeFileSync(`${root}/f`, before)
  await holds(t, root, `${root}/f:\n  file.${state}: ${args}\n`)
  t.equal(textOf(`${root}/f`), after)
}

t.test('nothing to edit', async (t) => {
  const root = folder(t)
  const cases: [string, string][] = [
    ['replace', '{pattern: a, repl: b}'],
    ['keyvalue', '{key: a, value: b}'],
    ['line', '{mode: delete, match: b}'],
    ['blockreplace', '{content: b}'],
  ]
  for (const [state, args] of cases) {
    t.match(
      await plan(`${root}/ghost:\n  file.${state}: ${args}\n`),
      [{ result: false, comment: /file not found/ }],
      state,
    )
  }
  await unchanged(t, root, `${root}/ghost:\n  file.replace: {pattern: a, repl: b, ignore_if_missing: true}\n`)
})

t.test('what can not be edited says why', async (t) => {
  const root = folder(t)
  writeFileSync(`${root}/f`, 'a\n')
  writeFileSync(`${root}/binary`, Uint8Array.of(0xff, 0xfe, 0x41))
  const cases: [string, string, RegExp][] = [
    ['f', "file.replace: {pattern: '(', repl: b}", /'\(' is no regular expression/],
    ['f', 'file.replace: {pattern: a, repl: b, flags: [IGNORE]}', /'IGNORE' is no flag/],
    ['f', 'file.comment: {regex: ^z}', /Pattern not found/],
    ['f', 'file.blockreplace: {content: b}', /Markers were not found/],
    ['f', 'file.line: {mode: ensure, content: b}', /needs to know where/],
    ['f', 'file.line: {mode: ensure, content: b, after: zzz}', /No line matches 'zzz'/],
    ['binary', 'file.append: {text: b}', /is no UTF-8 text/],
    ['f', 'file.append: {}', /nothing to add/],
    ['f', 'file.keyvalue: {value: b}', /no key to set/],
  ]
  for (const [name, state, comment] of cases) {
    t.match(await plan(`${root}/${name}:\n  ${state}\n`), [{ result: false, comment }], state)
  }
})

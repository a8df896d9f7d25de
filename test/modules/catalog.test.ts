import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { compile } from '../../core/compile/compile.ts'
import { checkArgs, nameWords, parseWords } from '../../core/compile/arguments.ts'
import { keysOf } from '../../core/compile/schema.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import { UserErrors } from '../../core/errors.ts'
import { argumentsOf } from '../../core/manual/argument.ts'
import { catalog, modules } from '../../modules/catalog.ts'
import { wordsOf } from '../words.ts'

t.test('every folder is in the registry, and nothing else', async (t) => {
  const folders = readdirSync('modules', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  t.strictSame(Object.keys(modules).sort(), folders.map(({ name }) => name).sort())
  for (const { name } of folders) t.ok(existsSync(`modules/${name}/index.ts`), name)
})

t.test('every name begins with its subject', async (t) => {
  for (const [subject, { states, functions }] of Object.entries(modules)) {
    for (const name of [...Object.keys(states), ...Object.keys(functions)]) {
      t.ok(name.startsWith(`${subject}.`) || name.startsWith(`${subject}_`), name)
    }
  }
})

t.test('every state says what it is, what it takes, and shows itself', async (t) => {
  for (const [name, { summary, args, reports, example }] of catalog.states) {
    t.match(summary, /^[A-Z].*[.]$/su, `${name}: a summary`)
    t.ok(keysOf(args).includes('name'), `${name} takes a name`)
    for (const [key, what] of Object.entries(reports)) t.match(what, /^[A-Z`].*[.]$/su, `${name} reports ${key}`)
    t.ok(example.includes(`${name}:`) || example.includes(`${name}: []`), `${name} is in its own example`)
    t.doesNotThrow(() => compiled(example), `${name}: the example compiles`)
  }
})

t.test('every function says what it is, and its example can be called', async (t) => {
  for (const [name, { summary, args, example }] of catalog.functions) {
    t.match(summary, /^[A-Z].*[.]$/su, `${name}: a summary`)
    const [first, ...words] = wordsOf(example)
    t.equal(first, name, `${name}: the example names it`)
    t.doesNotThrow(() => checkArgs(args, nameWords(args, parseWords(words), { what: name }), { what: name }), example)
  }
})

t.test('every argument says how it is written and what it means', async (t) => {
  for (const [name, { args }] of [...catalog.states, ...catalog.functions]) {
    t.ok(args instanceof z.ZodObject, `${name} takes a strict object`)
    t.doesNotThrow(() => argumentsOf(args), `${name}: see core/module/args.ts`)
  }
})

t.test('an argument that does not exist is refused, with the nearest one', async (t) => {
  const example = `
    /etc/motd:
      file.managed:
        - contnets: hello
  `
  t.throws(() => compiled(example), UserErrors)
  try {
    compiled(example)
  } catch (thrown) {
    const [error] = thrown instanceof UserErrors ? thrown.errors : []
    t.match(error, { code: 'unknown-argument', hint: "Did you mean 'contents'?", at: { line: 3 } })
  }
})

t.test('no state tells test mode from a run, and no module reaches past its view', async (t) => {
  const files = readdirSync('modules', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  for (const file of files) {
    const source = readFileSync(`modules/${file}`, 'utf8')
    t.notMatch(source, /\bprocess\.|\bfetch\(['"]http|Math\.random|Date\.now/u, file)
  }
})

/** Files that an example names exist in this tree whatever they are called. */
function compiled(example: string): unknown {
  const states = example.replace(/^\n/u, '')
  const sources = [...states.matchAll(/butler:\/\/(\S+)/gu)].map(([, path]) => `states/${path}`)
  const texts = new Map([
    ['states/main.yaml', states],
    ...sources.flatMap((path): [string, string][] => [
      [path, 'content'],
      [`${path}/one`, 'content'],
    ]),
  ])
  const encode = (path: string): Uint8Array | undefined => {
    const text = texts.get(path)
    return text === undefined ? undefined : new TextEncoder().encode(text)
  }
  const snapshot: Snapshot = {
    id: 'example',
    paths: [...texts.keys()].toSorted(),
    text: (path) => texts.get(path),
    bytes: encode,
    ref: (path) => encode(path) && { digest: '0'.repeat(64), size: 7 },
    shown: (path) => path,
  }
  const minion = { id: 'example', grains: {}, roles: [], pillar: {} }
  return compile({ snapshot, apply: ['main'], minion, mine: () => ({}), catalog })
}

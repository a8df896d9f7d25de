import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Applied, applyByCommand, applyHere, type Called } from './called.ts'
import { type Case, caseNames, readCase } from './case.ts'
import { chunksOf, comparable } from './compare.ts'
import { lyingIn, prepare, writeStates } from './folder.ts'

/** Few, since every start of the program takes its time: a compile error, a run, a plan. */
const BY_COMMAND: ReadonlySet<string> = new Set(['missing/require-id', 'files/managed-source', 'truth/watch-changed'])

/** `CASE=truth/ node test/conformance/conformance.test.ts` runs only those whose names begin so. */
const only = process.env['CASE'] ?? ''
const names = caseNames().filter((name) => name.startsWith(only))

t.test('there are cases', async (t) => t.ok(names.length > 0))

for (const name of names) {
  t.test(name, (t) => conforms(t, name, applyHere))
  if (BY_COMMAND.has(name)) t.test(`${name}, by the command`, (t) => conforms(t, name, applyByCommand))
}

type Apply = (applied: Applied) => Called | Promise<Called>

async function conforms(t: Test, name: string, apply: Apply): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'butler-conformance-')))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const root = join(folder, 'root')
  const fileRoot = join(folder, 'tree')
  mkdirSync(root)
  mkdirSync(fileRoot)
  const given = readCase(name, root)
  const { wanted, expected } = given
  prepare(wanted.setup)
  writeStates(fileRoot, given.states)
  const pillar = wanted.pillar === undefined ? undefined : JSON.stringify(wanted.pillar)
  const run = async (): Promise<Called> => apply({ states: wanted.apply, fileRoot, test: wanted.test, pillar })
  if (expected.compile_error) return refused(t, await run(), expected.about)
  if (wanted.must_fail) return refused(t, await run(), wanted.about)
  const before = lyingIn(root, wanted.modes)
  for (let turn = 0; turn < wanted.runs; turn++) {
    compare(t, given, turn, await run(), root)
    if (wanted.test) t.same(lyingIn(root, wanted.modes), before, 'a plan touches nothing')
  }
}

/** Nothing ran, and the words that matter are in what it said. */
function refused(t: Test, called: Called, about: readonly string[]): void {
  t.not(called.exitCode, 0, 'exit code')
  t.not(called.exitCode, 70, 'no bug')
  const said = `${called.notes}\n${JSON.stringify(called.data)}`
  for (const word of about) t.ok(said.includes(word), `the message names ${word}`, { said })
}

function compare(t: Test, { wanted, expected }: Case, turn: number, called: Called, root: string): void {
  const run = expected.compile_error ? undefined : expected.runs[turn]
  if (run === undefined) throw new Error('The case has fewer results than runs.')
  const { ok, chunks } = chunksOf(called.data)
  t.same(comparable(chunks, wanted.test), comparable(run.chunks, wanted.test), `states of run ${turn + 1}`)
  t.equal(ok, run.ok, 'ok')
  t.equal(called.exitCode, run.ok ? 0 : 1, 'exit code')
  if (wanted.test) return
  const files = Object.fromEntries(Object.entries(run.files).filter(([path]) => !path.endsWith('.bak')))
  t.same(lyingIn(root, wanted.modes), files, `files after run ${turn + 1}`)
}

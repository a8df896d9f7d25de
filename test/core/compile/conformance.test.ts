import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compile } from '../../../core/compile/compile.ts'
import { userErrorsOf } from '../../../core/errors.ts'
import { catalog } from '../../../modules/catalog.ts'
import { snapshotOf } from './memory-snapshot.ts'

// What real Salt made of small state trees: the compile errors, and the order in which the chunks ran.
const CASES = fileURLToPath(new URL('../../conformance/cases', import.meta.url))

interface Case {
  apply: string[]
  pillar?: Record<string, never>
}

interface Row {
  id: string
  function: string
  name: string
  result: boolean | null
  listener?: boolean
}

type Expected = { compile_error: true; about: string[] } | { compile_error: false; runs: { chunks: Row[] }[] }

/** Where Butler decides differently from Salt: it refuses these before anything runs. */
const REFUSED = new Set(['missing/listen_in-id'])

/** A blocked target is reported at its dry run, before its prereq: that is the runner's order, not the compiler's. */
const REPORTED_EARLIER = new Set(['mixed/prereq-target-requires-failed', 'truth/prereq-blocked-test'])

t.ok(existsSync(CASES), 'the cases are part of the project')

for (const file of globSync(join(CASES, '**/case.yaml')).toSorted()) {
  const folder = dirname(file)
  const name = relative(CASES, folder)
  t.test(name, async (t) => {
    const { apply, pillar } = parse<Case>(file)
    const expected = parse<Expected>(join(folder, 'expected.json'))
    const made = tryCompile(filesIn(folder), apply, pillar ?? {})
    if (expected.compile_error || REFUSED.has(name)) {
      const errors = 'errors' in made ? made.errors.join('\n') : ''
      t.not(errors, '', 'is refused')
      for (const word of expected.compile_error ? expected.about : []) t.match(errors, word)
    } else if ('errors' in made) {
      t.fail(`does not compile: ${made.errors.join('\n')}`)
    } else {
      const [first] = expected.runs
      const ran = (first?.chunks ?? []).filter(({ listener }) => listener !== true).map(namesOf)
      // A run that failed hard stops early.
      const seen = made.chunks.slice(0, ran.length).map(namesOf)
      if (REPORTED_EARLIER.has(name)) t.strictSame(seen.toSorted(byId), ran.toSorted(byId))
      else t.strictSame(seen, ran)
    }
  })
}

function namesOf({ id, function: fun, name }: { id: string; function: string; name: string }) {
  return { id, function: fun, name }
}

function tryCompile(files: Record<string, string>, apply: string[], pillar: Record<string, never>) {
  try {
    const minion = { id: 'local', grains: {}, roles: [], pillar }
    return compile({ snapshot: snapshotOf(files), apply, catalog, minion, mine: () => ({}) })
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return { errors: errors.map(({ message, at }) => `${at?.file ?? ''}: ${message}`) }
  }
}

function filesIn(folder: string): Record<string, string> {
  const paths = globSync('states/**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    paths.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [relative(folder, path), place(readFileSync(path, 'utf8'))]
    }),
  )
}

/** `{ROOT}` is a folder that is made for a run; here nothing runs. */
function place(text: string): string {
  return text.replaceAll('{ROOT}', '/root-of-case')
}

// The files are part of the project: their shape is known.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function parse<T>(file: string): T {
  return JSON.parse(place(readFileSync(file, 'utf8'))) as T
}

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1
}

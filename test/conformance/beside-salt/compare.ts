// `node test/conformance/beside-salt/compare.ts --salt DIR [--count 500] [--seed 1] [--only NUMBER]`: random state trees, applied and
// planned by a real Salt (DIR is its virtual environment) and by Butler; prints where they differ. Run by hand, as it needs Salt.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { z } from 'zod'
import { randomOf } from '../../random.ts'
import { applyHere } from '../called.ts'
import type { ExpectedChunk } from '../case.ts'
import { chunksOf } from '../compare.ts'
import { drawTree, type Tree } from './tree.ts'

const options = parseArgs({
  options: {
    salt: { type: 'string' },
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
}).values
if (options.salt === undefined) throw new Error('--salt DIR: the virtual environment that Salt is installed in.')

const salted = z.union([
  z.object({ crash: z.string() }),
  z.object({ errors: z.array(z.string()) }),
  z.object({
    chunks: z.array(
      z.object({
        id: z.string(),
        function: z.string(),
        name: z.string(),
        result: z.boolean().nullable(),
        changes: z.boolean(),
        ran: z.boolean(),
        comment: z.string(),
      }),
    ),
  }),
])

const root = mkdtempSync(join(tmpdir(), 'butler-beside-salt-'))
/** Salt gets slower with every run in one process. */
const RUNS_OF_A_PROCESS = 40
const python = join(options.salt, 'bin/python')
let salt = startSalt()

const count = Number(options.count)
let refused = 0
let crashed = 0
let different = 0
for (let number = 0; number < count; number++) {
  if (options.only !== undefined && number !== Number(options.only)) continue
  const name = `g${number}`
  const tree = drawTree(name, randomOf(Number(options.seed) * 1_000_003 + number))
  write(tree)
  if (number % RUNS_OF_A_PROCESS === RUNS_OF_A_PROCESS - 1) {
    salt.ask.end()
    salt = startSalt()
  }
  salt.ask.write(`${name}\n`)
  for (const test of [false, true]) {
    const theirs = await theirsNext()
    const ours = await oursOf(name, test)
    // Salt looks through all that lies there, again and again.
    if (test) rmSync(join(root, 'states', name), { recursive: true })
    if (theirs === 'refused') refused += 1
    if (theirs === 'crashed') crashed += 1
    if (theirs === 'crashed') continue
    if (ours.heldByPrereq || differsOnPurpose(Object.values(tree).join(''), test)) continue
    if (isDeepStrictEqual(comparable(ours.said, tree), comparable(theirs, tree))) continue
    different += 1
    console.log(`--- ${name}${test ? ', planned' : ''}`)
    console.log(Object.values(tree).join('---\n'))
    console.log({ salt: theirs, butler: ours.said }, ours.notes)
  }
}
salt.ask.end()
rmSync(root, { recursive: true, force: true })
console.log(
  `seed ${options.seed}: ${count} trees, ${refused / 2} of them refused by Salt, ${crashed} runs crashed it, ${different} differences`,
)
process.exitCode = different === 0 ? 0 : 1

function startSalt(): { ask: Writable; answers: AsyncIterator<string> } {
  const { stdin, stdout } = spawn(python, [join(import.meta.dirname, 'results.py'), root], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return { ask: stdin, answers: createInterface({ input: stdout })[Symbol.asyncIterator]() }
}

/** A line for each state, in run order; or that nothing was run. */
type Said = string[] | 'refused' | 'crashed'

async function theirsNext(): Promise<Said> {
  const { value } = await salt.answers.next()
  const said = salted.parse(JSON.parse(String(value)))
  if ('crash' in said) return 'crashed'
  return 'errors' in said ? 'refused' : inWords(said.chunks)
}

interface Ours {
  said: Said
  /** A state is not run since one that had to act before it failed: Salt runs it, or shows what the look ahead said. */
  heldByPrereq: boolean
  notes: string
}

async function oursOf(name: string, test: boolean): Promise<Ours> {
  const fileRoot = join(root, 'states')
  const called = await applyHere({ states: [name], fileRoot, test, pillar: undefined })
  if (called.exitCode > 1) return { said: 'refused', heldByPrereq: false, notes: called.notes }
  const { chunks } = chunksOf(called.data)
  const heldByPrereq = chunks.some(({ result, skipped_by: by }) => by === 'prereq' && result === false)
  return { said: inWords(chunks), heldByPrereq, notes: called.notes }
}

/** Where a state is listed that a prereq looks at, and that its requisites pass over, is not compared. */
function comparable(said: Said, tree: Tree): Said {
  const looksAhead = Object.values(tree).some((text) => /\bprereq/u.test(text))
  return looksAhead && Array.isArray(said) ? said.toSorted() : said
}

/** What docs/differences.md tells of, and would only hide what is not on purpose. */
function differsOnPurpose(text: string, test: boolean): boolean {
  // A plan does not run what only runs if something fails that would change: nobody can know.
  if (test && /\bonfail/u.test(text)) return true
  // `use` takes no requisites over; Salt's forgets that it does not take these.
  if (/\buse/u.test(text) && /_any|_all|\blisten/u.test(text)) return true
  // A plan is of what a run would do: in Salt's, a prereq overrules an `onchanges` that would keep the state from running.
  if (test && /\bprereq/u.test(text) && /\bonchanges/u.test(text)) return true
  // A look ahead sees what would really come: what the looked-at state watches, and whether its own prereq lets it run.
  if (/\bprereq/u.test(text) && (/\bwatch/u.test(text) || /\bprereq[^]*\bprereq/u.test(text))) return true
  // After a `failhard` nobody acts, listeners included.
  return /\bfailhard/u.test(text) && /\blisten/u.test(text)
}

/** Listeners act at the end, here in run order, in Salt in the order of what they listen to; and there one acts
 * that failed itself. */
function inWords(chunks: readonly Chunk[]): string[] {
  const lines = chunks.map(lineOf)
  const failed = new Set(chunks.filter(({ result }) => result === false).map(({ id }) => `listener_${id} `))
  const late = lines.filter((line) => line.startsWith('listener_') && !failed.has(line.slice(0, line.indexOf(' ') + 1)))
  return [...lines.filter((line) => !line.startsWith('listener_')), ...late.sort()]
}

function write(tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    const file = join(root, 'states', `${path}.sls`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

type Chunk = Pick<ExpectedChunk, 'id' | 'function' | 'name' | 'result' | 'changes' | 'ran'>

function lineOf({ id, function: called, name, result, changes, ran }: Chunk): string {
  return `${id} ${called} ${name} ${String(result)}${changes ? ' changes' : ''}${ran ? '' : ' not run'}`
}

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
import { applyHere, showLowHere } from '../called.ts'
import type { ExpectedChunk } from '../case.ts'
import { chunksOf } from '../compare.ts'
import { differenceOnPurpose, isListedEarlier, lowChunks } from './on-purpose.ts'
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
const first = Number(options.only ?? 0)
const counts = { drawn: 0, applied: 0, planned: 0, 'refused by both': 0, different: 0 }
const leftOut = new Map<string, number>()
/** Until so many were applied by both and compared: what is refused, or different on purpose, comes on top. */
for (let number = first; options.only === undefined ? counts.applied < count : number === first; number++) {
  counts.drawn += 1
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
    const { said, onPurpose, anyOrder, notes } = await oursOf(name, test)
    // Salt looks through all that lies there, again and again.
    if (test) rmSync(join(root, 'states', name), { recursive: true })
    const left = theirs === 'crashed' ? 'Salt crashes' : onPurpose
    if (left !== undefined) {
      leftOut.set(left, (leftOut.get(left) ?? 0) + 1)
      continue
    }
    if (said !== 'refused' || theirs !== 'refused') counts[test ? 'planned' : 'applied'] += 1
    else if (!test) counts['refused by both'] += 1
    if (isDeepStrictEqual(anyOrder ? sorted(said) : said, anyOrder ? sorted(theirs) : theirs)) continue
    counts.different += 1
    console.log(`--- ${name}${test ? ', planned' : ''}`)
    console.log(Object.values(tree).join('---\n'))
    console.log({ salt: theirs, butler: said }, notes)
  }
}
salt.ask.end()
rmSync(root, { recursive: true, force: true })
console.log(`seed ${options.seed}:`, counts, 'left out:', leftOut)
process.exitCode = counts.different === 0 ? 0 : 1

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

interface Answer {
  said: Said
  /** Why it is no matter if Salt says something else. */
  onPurpose?: string | undefined
  anyOrder?: boolean
  notes: string
}

async function oursOf(name: string, test: boolean): Promise<Answer> {
  const fileRoot = join(root, 'states')
  const called = await applyHere({ states: [name], fileRoot, test, pillar: undefined })
  if (called.exitCode > 1) return { said: 'refused', notes: called.notes }
  const { chunks } = chunksOf(called.data)
  const { chunks: low } = lowChunks.parse((await showLowHere({ states: [name], fileRoot })).data)
  const ours = { low, results: chunks, test }
  return {
    said: inWords(chunks),
    onPurpose: differenceOnPurpose(ours),
    anyOrder: isListedEarlier(ours),
    notes: called.notes,
  }
}

function sorted(said: Said): Said {
  return Array.isArray(said) ? said.toSorted() : said
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

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { userInfo } from 'node:os'
import t from 'tap'
import { checkArgs, nameWords, parseWords } from '../../core/compile/arguments.ts'
import type { ChunkResult } from '../../core/run/result.ts'
import { createMachine } from '../../minion/host/machine.ts'
import { catalog } from '../../modules/catalog.ts'
import { apply, folder, plan, tree, type Given } from '../modules/applied.ts'
import { wordsOf } from '../words.ts'
import { EXAMPLES } from '../hosts/cases/examples.ts'
import { ANYWHERE, IN_A_FOLDER, ON_A_HOST, placed, type Prepared } from './examples.ts'

// The examples of the reference do what they say.

const me = { user: userInfo().username, group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim() }

t.test('every state is in one of the two lists', async (t) => {
  for (const name of catalog.states.keys()) {
    t.not(
      Object.hasOwn(IN_A_FOLDER, name),
      ON_A_HOST.test(name),
      `${name}: its example is run in a folder or on a host`,
    )
  }
  t.strictSame(
    Object.keys(IN_A_FOLDER).filter((name) => !catalog.states.has(name)),
    [],
  )
  for (const name of EXAMPLES.flatMap(({ covers }) => covers)) t.match(name, ON_A_HOST, `${name}: a host runs it`)
})

for (const [name, prepared] of Object.entries(IN_A_FOLDER)) {
  t.test(`${name}: its example is planned, applied, and applied again`, async (t) => {
    const root = folder(t)
    const { example, given } = made(root, catalog.states.get(name)?.example ?? '', prepared)
    const before = tree(root)
    const planned = await plan(example, given)
    t.strictSame(tree(root), before, 'a plan touches nothing')
    const first = await apply(example, given)
    const second = await apply(example, given)
    const again = await plan(example, given)
    t.equal(failed(first), prepared.fails === true, 'it succeeds, unless it shows a failure', { first })
    if (prepared.fails !== true) {
      t.notOk(failed([...planned, ...second, ...again]), 'so do the rest', { planned, second, again })
      t.equal(changed(first), prepared.changesNothing !== true, 'it changes something')
      t.equal(foreseen(planned), prepared.changesNothing !== true, 'the plan said so')
      t.equal(changed(second), prepared.changesAgain === true, 'the second time it changes nothing', { second })
      t.equal(foreseen(again), prepared.changesAgain === true, 'a plan after it is empty', { again })
    }
    for (const row of [...planned, ...first]) t.strictSame(untold(row), [], 'what it reports is in the reference')
  })
}

for (const [name, { example }] of catalog.states) {
  if (!ON_A_HOST.test(name)) continue
  t.test(`${name}: its example is planned on any machine, and what is missing is told`, async (t) => {
    const secrets = Object.fromEntries(
      [...example.matchAll(/\{\{secret '(.*?)'\}\}/gu)].map(([, one = '']) => [one, 'x']),
    )
    for (const row of await plan(example, { secrets, grains: { os_family: 'Debian' } })) {
      t.strictSame(untold(row), [])
      t.notMatch(row.comment, /bug/iu)
    }
  })
}

const grains = {
  os_family: 'Debian',
  nodename: 'db-server',
  ip4_interfaces: { lo: ['127.0.0.1'], eth0: ['10.0.0.11'] },
  ip6_interfaces: {},
  hwaddr_interfaces: {},
}
const machine = createMachine({ grains, pillar: { postgres: { listen: '*' } } }).host({})

for (const [name, definition] of catalog.functions) {
  if (!ANYWHERE.test(name) || definition.changes === 'asks') continue
  t.test(`${name}: its example answers`, async (t) => {
    const [, ...words] = wordsOf(definition.example)
    const { args } = definition
    const answer = definition.run(
      machine,
      checkArgs(args, nameWords(args, parseWords(words), { what: name }), { what: name }),
    )
    if (name === 'test.fail') await t.rejects(answer, { code: 'test-failure' })
    else if (name.startsWith('status.') && process.platform !== 'linux') await answer.catch(() => {})
    else t.not(await answer, undefined)
  })
}

/** The example and what it needs, below the folder. */
function made(root: string, example: string, prepared: Prepared): { example: string; given: Given } {
  for (const [path, text] of Object.entries(prepared.machine ?? {})) {
    mkdirSync(join(root, path.endsWith('/') ? path : dirname(path)), { recursive: true })
    if (!path.endsWith('/')) writeFileSync(join(root, path), text)
  }
  if (prepared.before !== undefined) execFileSync('sh', ['-c', prepared.before], { cwd: root, stdio: 'pipe' })
  const inRoot = (text: string): string => text.replaceAll('{ROOT}', root)
  const standing = Object.entries(prepared.stands ?? {}).reduce(
    (text, [word, stand]) => text.replaceAll(word, stand),
    example,
  )
  const sources = Object.entries(prepared.sources ?? {}).map(([path, text]) => [path, inRoot(text)])
  return { example: inRoot(placed(standing, root, me)), given: { files: Object.fromEntries(sources) } }
}

function failed(rows: readonly ChunkResult[]): boolean {
  return rows.some(({ result }) => result === false)
}

function changed(rows: readonly ChunkResult[]): boolean {
  return rows.some(({ changes }) => Object.keys(changes).length > 0)
}

function foreseen(rows: readonly ChunkResult[]): boolean {
  return rows.some(({ result }) => result === null)
}

/** The keys of its changes that the definition does not tell of; `<name>` stands for anything. */
function untold({ function: name, changes }: ChunkResult): string[] {
  const told = Object.keys(catalog.states.get(name)?.reports ?? {}).flatMap((key) => key.split('|'))
  return told.some((key) => key.startsWith('<')) ? [] : Object.keys(changes).filter((key) => !told.includes(key))
}

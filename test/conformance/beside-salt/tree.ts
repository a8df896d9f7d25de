import { stringify } from 'yaml'
import type { Random } from '../../random.ts'

/** State files by path below the state tree, in a form that Salt and Butler both read. */
export type Tree = Readonly<Record<string, string>>

const FUNCTIONS = [
  'test.nop',
  'test.succeed_with_changes',
  'test.succeed_with_changes',
  'test.succeed_without_changes',
  'test.fail_with_changes',
  'test.fail_without_changes',
  'test.configurable_test_state',
]

/** A failure without a change is not among them: Salt's plan calls it a success, ours says that it will fail. */
const CLAIMS = [
  [{ result: true }, { changes: true }],
  [{ result: true }, { changes: false }],
  [{ result: false }, { changes: true }],
]

/** Weighted by how often people write them. */
const REQUISITES = (
  'require require require watch watch onchanges onchanges onfail listen prereq use ' +
  'require_any watch_any onchanges_any onfail_any onfail_all ' +
  'require_in watch_in onchanges_in onfail_in listen_in prereq_in use_in'
).split(' ')

interface Node {
  id: string
  file: number
  function: string
}

/** Draws a state tree called `name`: one to three files, each including the next, of states from `test` alone. */
export function drawTree(name: string, random: Random): Tree {
  const files = 1 + random(3)
  const sls = (file: number): string => (file === 0 ? name : `${name}.f${file}`)
  const nodes = Array.from({ length: 3 + random(7) }, (_, number): Node => {
    return { id: `s${number}`, file: random(files), function: FUNCTIONS[random(FUNCTIONS.length)] ?? 'test.nop' }
  })
  const states = nodes.map((_, number) => drawState(number, nodes, random, () => sls(random(files))))
  return Object.fromEntries(
    Array.from({ length: files }, (_, file) => {
      const others = Array.from({ length: files - 1 }, (_, other) => sls(other + 1))
      const body = nodes.flatMap((node, number) => (node.file === file ? [[node.id, states[number]]] : []))
      const include = file === 0 && files > 1 ? { include: others } : {}
      return [file === 0 ? `${name}/init` : `${name}/f${file}`, stringify({ ...include, ...Object.fromEntries(body) })]
    }),
  )
}

function drawState(number: number, nodes: readonly Node[], random: Random, anySls: () => string): unknown {
  const name = nodes[number]?.function ?? ''
  const args: Record<string, unknown>[] = []
  if (name === 'test.configurable_test_state') args.push(...(CLAIMS[random(CLAIMS.length)] ?? []))
  if (random(12) === 0) args.push({ names: [`n${number}a`, `n${number}b`] })
  if (random(8) === 0) args.push({ order: [1, 2, 'first', 'last', -1, 5][random(6)] })
  if (random(12) === 0) args.push({ [random(2) === 0 ? 'unless' : 'onlyif']: random(2) === 0 ? 'true' : 'false' })
  if (random(40) === 0) args.push({ failhard: true })
  const alone = number === 0 || number === nodes.length - 1
  const kinds = new Set(
    Array.from({ length: alone ? random(2) : random(3) }, () => REQUISITES[random(REQUISITES.length)] ?? 'require'),
  )
  for (const kind of kinds) {
    if (!mayHave(name, kind)) continue
    const targets = Array.from({ length: 1 + random(2) }, () => drawTarget(number, nodes, random, anySls, kind))
    const known = targets.filter((target) => target !== undefined)
    if (known.length > 0) args.push({ [kind]: known })
  }
  return { [name]: args }
}

/** Mostly an earlier state, so that most trees have no cycle; now and then a later one, a file, or nobody. */
function drawTarget(
  number: number,
  nodes: readonly Node[],
  random: Random,
  anySls: () => string,
  kind: string,
): unknown {
  if (random(25) === 0 && !kind.startsWith('use') && !kind.startsWith('prereq') && !/^(?:watch_in|listen)/u.test(kind))
    return { sls: anySls() }
  if (random(200) === 0 && !kind.startsWith('listen')) return { test: 'nobody' }
  const last = nodes.length - 1
  const backwards = kind.endsWith('_in') || kind === 'prereq'
  const earlier = number === 0 ? last : random(number)
  const later = number === last ? 0 : number + 1 + random(last - number)
  const target = random(50) === 0 ? random(nodes.length) : backwards ? later : earlier
  if (kind.endsWith('_in') && !mayHave(nodes[target]?.function ?? '', kind)) return undefined
  if (kind === 'use' && !mayHave(nodes[target]?.function ?? '', kind)) return undefined
  return random(6) === 0 && !kind.startsWith('listen')
    ? `s${target}`
    : { test: random(20) === 0 && !/^(?:use|listen)/u.test(kind) ? `s${target}*` : `s${target}` }
}

/**
 * What is different on purpose is left out: a state that failed stays failed when its watch fires, and an argument that
 * a state does not take is an error, also when it comes by `use`. `listen`
 * knows neither bare names nor globs nor files in Salt.
 */
function mayHave(name: string, kind: string): boolean {
  if (kind.startsWith('listen')) return name !== 'test.configurable_test_state'
  if (kind.startsWith('watch')) return !name.includes('fail') && name !== 'test.configurable_test_state'
  return !kind.startsWith('use') || name !== 'test.configurable_test_state'
}

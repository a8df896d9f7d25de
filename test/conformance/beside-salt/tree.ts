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
  file: string
  function: string
  names: readonly string[]
  kinds: ReadonlySet<string>
  /** Who waits has a higher one than who is waited for, so that most trees have no circle. It is not the order in the file. */
  rank: number
}

/** Draws a state tree called `name`: one to three files, the first including the others, of states from `test` alone. */
export function drawTree(name: string, random: Random): Tree {
  const files = [name, `${name}.f1`, `${name}.f2`].slice(0, 1 + random(3))
  const nodes = Array.from({ length: 3 + random(7) }, (_, number) => drawNode(`s${number}`, files, random))
  const states = nodes.map((node) => [node.id, drawState(node, { nodes, files, random })] as const)
  return Object.fromEntries(
    files.map((file, number) => {
      const include = number === 0 && files.length > 1 ? { include: files.slice(1) } : {}
      const body = states.filter((_, index) => nodes[index]?.file === file)
      return [
        number === 0 ? `${name}/init` : `${name}/f${number}`,
        stringify({ ...include, ...Object.fromEntries(body) }),
      ]
    }),
  )
}

function drawNode(id: string, files: readonly string[], random: Random): Node {
  return {
    id,
    file: oneOf(files, random) ?? '',
    function: oneOf(FUNCTIONS, random) ?? 'test.nop',
    names: random(12) === 0 ? [`${id}-a`, `${id}-b`] : [],
    kinds: new Set(Array.from({ length: random(4) }, () => oneOf(REQUISITES, random) ?? 'require')),
    rank: random(1000),
  }
}

interface Around {
  nodes: readonly Node[]
  files: readonly string[]
  random: Random
}

function drawState(node: Node, around: Around): unknown {
  const { random } = around
  const args: Record<string, unknown>[] = []
  if (node.function === 'test.configurable_test_state') args.push(...(oneOf(CLAIMS, random) ?? []))
  if (node.names.length > 0) args.push({ names: node.names })
  if (random(8) === 0) args.push({ order: oneOf([1, 2, 'first', 'last', -1, 5], random) })
  if (random(12) === 0) args.push({ [random(2) === 0 ? 'unless' : 'onlyif']: random(2) === 0 ? 'true' : 'false' })
  if (random(40) === 0) args.push({ failhard: true })
  for (const kind of node.kinds) {
    if (!mayHave(node, kind) || (kind === 'use_in' && !mayBeUsed(node))) continue
    const targets = Array.from({ length: 1 + random(2) }, () => drawTarget(node, kind, around))
    const known = targets.filter((target) => target !== undefined)
    if (known.length > 0) args.push({ [kind]: known })
  }
  return { [node.function]: args }
}

/** By id, by name, with a glob, bare, or a file; now and then at random, which may be a circle, or nobody. */
function drawTarget(node: Node, kind: string, { nodes, files, random }: Around): unknown {
  const inForm = kind.endsWith('_in')
  const takesAll = !/^(?:use|listen|prereq)/u.test(kind)
  const upwards = inForm !== kind.startsWith('prereq')
  const fits = ({ rank }: Node): boolean => (upwards ? rank > node.rank : rank < node.rank)
  if (takesAll && kind !== 'watch_in' && random(15) === 0) {
    const fitting = files.filter((file) => random(40) === 0 || nodes.every((one) => one.file !== file || fits(one)))
    const sls = oneOf(fitting, random)
    return sls === undefined ? undefined : { sls }
  }
  // Where Salt leaves out who is nowhere, here it is an error.
  if (random(300) === 0 && !/^(?:use|listen)/u.test(kind)) return { test: 'nobody' }
  const far = (one: Node): number => Math.abs(one.rank - node.rank)
  const fitting = nodes.filter(fits).toSorted((one, other) => far(one) - far(other))
  // What a prereq looks at waits for much itself, and the more there is between the two, the more of it goes in a circle.
  const target = oneOf(random(150) === 0 ? nodes : kind.startsWith('prereq') ? fitting.slice(0, 1) : fitting, random)
  if (target === undefined) return undefined
  if (inForm && !mayHave(target, kind)) return undefined
  if (kind === 'use' && !(mayHave(target, kind) && mayBeUsed(target))) return undefined
  if (/^(?:use|listen)/u.test(kind)) return { test: target.id }
  const name = inForm ? undefined : target.names[random(3)]
  if (name !== undefined) return random(2) === 0 ? name : { test: name }
  if (!inForm && random(20) === 0) return { test: `${target.id}*` }
  return random(6) === 0 ? target.id : { test: target.id }
}

function oneOf<T>(things: readonly T[], random: Random): T | undefined {
  return things.length === 0 ? undefined : things[random(things.length)]
}

/**
 * What is different on purpose is left out: a state that failed stays failed when its watch fires, and an argument that
 * a state does not take is an error, also when it comes by `use`. `listen`
 * knows neither bare names nor globs nor files in Salt.
 */
function mayHave({ function: name }: Node, kind: string): boolean {
  if (kind.startsWith('listen')) return name !== 'test.configurable_test_state'
  if (kind.startsWith('watch')) return !name.includes('fail') && name !== 'test.configurable_test_state'
  return !kind.startsWith('use') || name !== 'test.configurable_test_state'
}

/** `use` takes no requisites over; Salt's forgets that it does not take these. */
function mayBeUsed({ kinds }: Node): boolean {
  return [...kinds].every((kind) => !/_any|_all|^listen/u.test(kind))
}

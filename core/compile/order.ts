import type { UserError } from '../errors.ts'
import { findCycles } from './cycles.ts'
import type { Draft } from './draft.ts'
import type { Graph } from './graph.ts'
import { graphOf } from './graph.ts'
import { Heap } from './heap.ts'
import type { Problems } from './problems.ts'
import type { Links } from './requisites.ts'

/** Salt's counting: the place in the file counts from here, explicit numbers below come before it. */
const FIRST_DECLARATION = 10_000
const LAST = 1_000_000
const NAME_STEP = 1 / 10_000

/**
 * The run order, as positions in `drafts`: requisites first, then `order`, then the place in the files. Of the states
 * that may run next it takes the least; a state counts as early as the earliest that needs it by its strongest kind of
 * requisite. This is Salt 3008's order.
 *
 * @param files names of the state files, in the order in which their states are looked at
 */
export function orderOf(
  drafts: readonly Draft[],
  links: readonly Links[],
  files: readonly string[],
  problems: Problems,
): readonly number[] {
  const graph = graphOf(links, sequenceOf(drafts, files))
  const numbers = numbersOf(drafts)
  const keys = graph.nodes.map((draft, node) => sortKey(graph, node, draft, numbers, drafts))
  const ready = new Heap<number>((one, other) => comesBefore(keys[one], keys[other], one - other))
  const waits = graph.nodes.map((_, node) => graph.before[node]?.length ?? 0)
  for (const [node, count] of waits.entries()) if (count === 0) ready.push(node)
  const order: number[] = []
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order.push(node)
    for (const { to } of graph.after[node] ?? []) {
      const left = (waits[to] ?? 0) - 1
      waits[to] = left
      if (left === 0) ready.push(to)
    }
  }
  if (order.length < graph.nodes.length) problems.add(...cycleErrors(graph, waits, drafts))
  // The nodes after the chunks are their dry runs for a prereq.
  return order.filter((node) => node < drafts.length)
}

/** Positions of the drafts, file by file. */
function sequenceOf(drafts: readonly Draft[], files: readonly string[]): readonly number[] {
  const ranks = new Map(files.map((sls, rank) => [sls, rank]))
  const rankOf = (position: number): number => ranks.get(drafts[position]?.sls ?? '') ?? files.length
  return [...drafts.keys()].sort((one, other) => rankOf(one) - rankOf(other))
}

function cycleErrors(graph: Graph, waits: readonly number[], drafts: readonly Draft[]): UserError[] {
  return findCycles(graph, new Set(graph.nodes.keys().filter((node) => (waits[node] ?? 0) > 0)), drafts)
}

/** What a draft's `order` and its place in the files come to. */
interface Numbers {
  /** Its own: negative orders count from the end, and the names of a state come one after another. */
  own: readonly number[]
  /** The same before both of these: what Salt sees of a state when it looks at it from one that it needs. */
  seen: readonly number[]
}

function numbersOf(drafts: readonly Draft[]): Numbers {
  const numbered = new Map<number, number>()
  for (const { order } of drafts) {
    if (order.written === undefined && !numbered.has(order.declaration)) {
      numbered.set(order.declaration, FIRST_DECLARATION + numbered.size)
    }
  }
  const plain = drafts.map(({ order }) =>
    typeof order.written === 'number' ? order.written : numbered.get(order.declaration),
  )
  const cap = plain.reduce<number>(
    (cap, number) => (number !== undefined && number > cap - 1 && number > 0 ? number + 100 : cap),
    1,
  )
  const seen = drafts.map(({ order: { written } }, index) => {
    return written === 'first' ? 0 : written === 'last' ? cap + LAST : (plain[index] ?? cap)
  })
  const own = drafts.map(({ order }, index) => {
    const number = seen[index] ?? cap
    return (number < 0 ? cap + LAST + number : number) + order.name * NAME_STEP
  })
  return { own, seen }
}

interface SortKey {
  /** The draft's own number, or that of the earliest that needs it. */
  early: number
  own: number
  label: string
}

function sortKey(graph: Graph, node: number, draft: number, numbers: Numbers, drafts: readonly Draft[]): SortKey {
  const own = numbers.own[draft] ?? 0
  let early = own
  let strongest = Number.NEGATIVE_INFINITY
  for (const { to, weight, why } of graph.after[node] ?? []) {
    if (weight < strongest) continue
    strongest = weight
    // The target of a prereq had its turn before, as a dry run: then its own number is known.
    const known = why === 'prereq target' ? numbers.own : numbers.seen
    early = Math.min(early, known[graph.nodes[to] ?? -1] ?? own)
  }
  const { module = '', name = '', function: fun = '' } = drafts[draft] ?? {}
  return { early, own, label: module + name + fun }
}

function comesBefore(one: SortKey | undefined, other: SortKey | undefined, position: number): boolean {
  if (one === undefined || other === undefined) return false
  if (one.early !== other.early) return one.early < other.early
  if (one.own !== other.own) return one.own < other.own
  return one.label === other.label ? position < 0 : one.label < other.label
}

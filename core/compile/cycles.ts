import { UserError, formatPlace } from '../errors.ts'
import type { Draft } from './draft.ts'
import type { Edge, Graph } from './graph.ts'

/** One error for each circle among the nodes that wait for ever, with every step and its place. */
export function findCycles(graph: Graph, stuck: ReadonlySet<number>, drafts: readonly Draft[]): UserError[] {
  const visited = new Set<number>()
  const errors: UserError[] = []
  for (const start of stuck) {
    const cycle = walkBack(start, graph, stuck, visited)
    if (cycle.length > 0) errors.push(cycleError(cycle, graph, drafts))
  }
  return errors
}

/** Follows what each node waits for, until it meets itself; nothing when it meets a node of an earlier walk. */
function walkBack(start: number, graph: Graph, stuck: ReadonlySet<number>, visited: Set<number>): readonly Edge[] {
  const path: Edge[] = []
  const onPath = new Map<number, number>()
  let node = start
  while (!visited.has(node)) {
    visited.add(node)
    onPath.set(node, path.length)
    const edge = (graph.before[node] ?? []).find(({ from }) => stuck.has(from))
    if (edge === undefined) return []
    path.push(edge)
    node = edge.from
  }
  const begin = onPath.get(node)
  return begin === undefined ? [] : path.slice(begin)
}

function cycleError(cycle: readonly Edge[], graph: Graph, drafts: readonly Draft[]): UserError {
  const id = (node: number): string => `'${drafts[graph.nodes[node] ?? -1]?.id}'`
  const steps = cycle.map((edge) => `${stepOf(edge, id)} (${formatPlace(edge.written.at)})`)
  const who = cycle.length === 1 ? 'This state waits for itself' : 'These states wait for each other'
  return new UserError('requisite-cycle', `${who}: ${steps.join('; ')}.`, {
    hint: cycle.length === 1 ? 'Take this requisite away.' : 'Take one of these requisites away.',
    at: cycle[0]?.written.at,
  })
}

/** Who waits for whom, and by which words that stand where. */
function stepOf({ from, to, why, written }: Edge, id: (node: number) => string): string {
  const [waiting, first] = [id(to), id(from)]
  // The target of a prereq waits for the one that has it.
  if (why === 'prereq target') {
    return written.isIn
      ? `${waiting} has 'prereq_in' on ${first} and runs after it`
      : `${waiting} runs after ${first}, which has 'prereq' on it`
  }
  return written.isIn
    ? `${waiting} waits for ${first}, which has '${why}_in' on it`
    : `${waiting} has '${why}' on ${first}`
}

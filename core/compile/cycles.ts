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
  const draft = (node: number): Draft | undefined => drafts[graph.nodes[node] ?? -1]
  const steps = cycle.map(({ from, to, why }) => {
    const [waiting, first] = [draft(to), draft(from)]
    const place = waiting === undefined ? '' : ` (${formatPlace(waiting.at)})`
    const reason = why === 'prereq target' ? 'runs after its prereq' : `has '${why}' on`
    return `'${waiting?.id}'${place} ${reason} '${first?.id}'`
  })
  return new UserError('requisite-cycle', `These states wait for each other: ${steps.join('; ')}.`, {
    hint: 'Take one of these requisites away.',
    at: draft(cycle[0]?.to ?? -1)?.at,
  })
}

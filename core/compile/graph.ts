import type { RequisiteKind } from './low.ts'
import { REQUISITE_KINDS } from './low.ts'
import type { Links, Written } from './requisites.ts'

/** What must run before what. */
export interface Graph {
  /** For each node the draft that it is, by position: first all drafts, then the dry runs that a prereq asks for. */
  readonly nodes: readonly number[]
  /** For each node what waits for it. */
  readonly after: readonly (readonly Edge[])[]
  /** For each node what it waits for. */
  readonly before: readonly (readonly Edge[])[]
}

export interface Edge {
  readonly from: number
  readonly to: number
  /** The requisite that it comes from; `prereq target` when the one waiting is a prereq's target. */
  readonly why: RequisiteKind | 'prereq target'
  /** The requisite as it stands in a state file. */
  readonly written: Written
  /** The stronger kinds decide how early a state is pulled. */
  readonly weight: number
}

/** From the weakest to the strongest. */
const WEIGHTS: readonly RequisiteKind[] = [
  'onfail',
  'onfail_any',
  'onfail_all',
  'require',
  'require_any',
  'onchanges',
  'onchanges_any',
  'watch',
  'watch_any',
  'prereq',
]

/**
 * A prereq runs before its target, but after the target's dry run, which waits for all that the target waits for. So a
 * prereq's target is two nodes. `listen` is no edge: it acts at the end.
 *
 * @param sequence the positions in the order in which they are looked at: edges of a node are in this order
 */
export function graphOf(links: readonly Links[], sequence: readonly number[]): Graph {
  const nodes = links.map((_, index) => index)
  const dryRuns = new Map<number, number>()
  for (const index of sequence) {
    for (const target of links[index]?.get('prereq')?.keys() ?? []) {
      if (dryRuns.has(target)) continue
      dryRuns.set(target, nodes.length)
      nodes.push(target)
    }
  }
  const after: Edge[][] = nodes.map(() => [])
  const before: Edge[][] = nodes.map(() => [])
  const add = (from: number, to: number, why: Edge['why'], written: Written): void => {
    const edge = { from, to, why, written, weight: WEIGHTS.indexOf(why === 'prereq target' ? 'require' : why) }
    after[from]?.push(edge)
    before[to]?.push(edge)
  }
  const wanted = new Set<number>()
  for (const index of sequence) {
    const kinds = links[index]
    const dryRun = dryRuns.get(index)
    for (const kind of REQUISITE_KINDS) {
      if (kind === 'listen') continue
      for (const [target, written] of kinds?.get(kind) ?? []) {
        if (kind === 'prereq') {
          const ahead = dryRuns.get(target) ?? target
          add(ahead, index, 'prereq', written)
          add(index, target, 'prereq target', written)
          // Whoever looks ahead at this one must know what it will see itself.
          if (dryRun !== undefined && wanted.has(index)) add(ahead, dryRun, 'prereq', written)
          wanted.add(target)
        } else {
          if (dryRun !== undefined) add(target, dryRun, kind, written)
          add(target, index, kind, written)
        }
      }
    }
  }
  return { nodes, after, before }
}

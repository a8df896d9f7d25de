import type { LowChunk, RequisiteKind } from '../compile/low.ts'
import type { Catalog } from '../module/module.ts'

export interface Around {
  chunks: readonly LowChunk[]
  catalog: Catalog
  /** Whether a chunk may run by what it waits for, those of the group taken as done. */
  mayRun(position: number, group: ReadonlySet<number>): boolean
}

/** What a chunk may wait for within the group: that the others are there, not what became of them. */
const WITHIN: ReadonlySet<RequisiteKind> = new Set(['require', 'require_any', 'listen'])

/**
 * The chunks that can be done in one go with the one at a position, that one first: those of the same function right after
 * it, or anywhere after it where both say `aggregate: true`. Alone it is a group of one.
 */
export function groupOf(position: number, around: Around): number[] {
  const first = around.chunks[position]
  const key = first === undefined ? undefined : keyOf(first, around.catalog)
  if (first === undefined || key === undefined) return [position]
  const group = new Set([position])
  for (const [later, chunk] of around.chunks.entries()) {
    if (later <= position) continue
    const fits = keyOf(chunk, around.catalog) === key && isFree(chunk, group) && around.mayRun(later, group)
    const skips = first.options.aggregate === true
    if (fits && (!skips || chunk.options.aggregate === true || later === position + group.size)) group.add(later)
    else if (!skips) break
  }
  return [...group]
}

/** Options that say nothing about how a chunk is done. */
const HARMLESS: ReadonlySet<string> = new Set(['aggregate', 'failhard', 'fire_event'])

/** Chunks with the same key go together; nothing for one that has to be done by itself. */
function keyOf(chunk: LowChunk, catalog: Catalog): string | undefined {
  const { function: name, args, guards, options } = chunk
  const together = catalog.states.get(name)?.together
  const isPlain = Object.keys(guards).length === 0 && Object.keys(options).every((option) => HARMLESS.has(option))
  const key = isPlain && options.aggregate !== false ? together?.key(args) : undefined
  return key === undefined ? undefined : `${name} ${key}`
}

function isFree({ requisites }: LowChunk, group: ReadonlySet<number>): boolean {
  return requisites.every(({ kind, targets }) => {
    if (kind === 'prereq') return targets.length === 0
    return WITHIN.has(kind) || !targets.some((target) => group.has(target))
  })
}

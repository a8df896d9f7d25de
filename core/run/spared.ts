import type { LowChunk } from '../compile/low.ts'
import type { DataMap } from '../data.ts'
import type { Catalog } from '../module/module.ts'
import type { AnyState } from '../module/state.ts'

/**
 * The arguments with the paths that the other chunks look after, for a state that cleans: what is managed anywhere in
 * the run is not for it to remove.
 */
export function sparing(
  definition: AnyState,
  args: DataMap,
  chunk: LowChunk,
  run: { chunks: readonly LowChunk[]; catalog: Catalog },
): DataMap {
  const { spares } = definition
  if (spares === undefined || args['clean'] !== true) return args
  const given = args[spares]
  const others = run.chunks.filter((other) => other !== chunk).flatMap((other) => pathsOf(other, run.catalog))
  return { ...args, [spares]: [...(Array.isArray(given) ? given : []), ...others] }
}

function pathsOf(chunk: LowChunk, catalog: Catalog): string[] {
  const made = catalog.states.get(chunk.function)?.makes?.(chunk.args) ?? []
  return made.flatMap((one) => (one !== 'anything' && one.kind === 'path' ? [one.name] : []))
}

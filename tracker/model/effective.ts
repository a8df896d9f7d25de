import type { DataMap } from '../../core/data.ts'
import { mergeData } from '../../core/compile/merge.ts'

/**
 * What a run really gets: workflow < analysis < analysis run, later wins. Maps merge, lists and everything else are
 * replaced whole, `null` is a value like any other. A level without a configuration changes nothing.
 */
export function effectiveConfiguration(levels: readonly (DataMap | undefined)[]): DataMap {
  return levels.reduce<DataMap>((below, level) => (level === undefined ? below : mergeData(below, level)), {})
}

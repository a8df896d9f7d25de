import type { Data, DataMap } from '../data.ts'
import { isMap } from '../data.ts'

/** Lays one map over another: maps merge key by key, anything else (lists too) replaces. Neither input is changed. */
export function mergeData(base: DataMap, over: DataMap): DataMap {
  const merged = new Map<string, Data>(Object.entries(base))
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key)
    merged.set(key, isMap(below) && isMap(value) ? mergeData(below, value) : value)
  }
  return Object.fromEntries(merged)
}

import { readFileSync } from 'node:fs'
import type { DataMap } from '../../core/data.ts'

/** Some facts about the machine that come from one place. May throw: then these are left out. */
export type Family = () => DataMap

/** A small file of the system, trimmed; `undefined` when it is not there or may not be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Without the entries that nothing is known about. */
export function known(grains: Record<string, DataMap[string] | undefined>): DataMap {
  const entries = Object.entries(grains).filter((entry): entry is [string, DataMap[string]] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}

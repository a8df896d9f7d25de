import type { Data } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'

/** JSON with sorted keys: two configurations that mean the same give the same text, also after a `jsonb` column. */
export function canonicalJson(data: Data): string {
  if (Array.isArray(data)) return `[${data.map(canonicalJson).join(',')}]`
  if (!isMap(data)) return JSON.stringify(data)
  const entries = Object.entries(data).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value)}`).join(',')}}`
}

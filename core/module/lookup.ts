import { isMap, type Data } from '../data.ts'

/**
 * Salt's colon paths, as in `pillar.get postgres:users:0`: a step names a key of a map or a position in a list. A flat
 * key that holds colons itself is found first. `undefined` when there is no such value.
 */
export function lookup(data: Data, path: string, delimiter = ':'): Data | undefined {
  if (isMap(data) && Object.hasOwn(data, path)) return data[path]
  let found: Data | undefined = data
  for (const step of path.split(delimiter)) {
    if (found === undefined) return undefined
    found = stepInto(found, step)
  }
  return found
}

function stepInto(data: Data, step: string): Data | undefined {
  if (Array.isArray(data)) return /^\d+$/u.test(step) ? data[Number(step)] : undefined
  return isMap(data) && Object.hasOwn(data, step) ? data[step] : undefined
}

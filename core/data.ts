/** What YAML and JSON can hold: the only shape that crosses a file, a wire or a process. */
export type Data = null | boolean | number | string | Data[] | DataMap

/** A map of data; keys keep the order in which they were written. */
export interface DataMap {
  [key: string]: Data
}

/** True for a map, false for lists, null and scalars. */
export function isMap(value: unknown): value is DataMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The map below a key; an empty one when there is none. */
export function mapIn(data: Data, key: string): DataMap {
  const value = isMap(data) ? data[key] : undefined
  return value !== undefined && isMap(value) ? value : {}
}

/** The same data with the keys of all maps in order, as to compare or to write it always in one way. */
export function inKeyOrder(data: Data): Data {
  if (Array.isArray(data)) return data.map(inKeyOrder)
  if (!isMap(data)) return data
  const entries = Object.entries(data).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, below]) => [key, inKeyOrder(below)]))
}

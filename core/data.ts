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

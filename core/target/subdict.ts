import type { Data, DataMap } from '../data.ts'
import { isMap } from '../data.ts'

/** Tells whether a value's text is the wanted one. */
export type TextMatch = (text: string) => boolean

/**
 * Salt's way to look up `a:b:value` in nested data: any number of steps may be the key, the rest is the pattern. In a
 * list any item may match, in a map any key. `pattern` makes the test for the rest of the expression.
 */
export function matchesData(
  data: DataMap,
  expression: string,
  options: { delimiter: string; pattern: (text: string) => TextMatch },
): boolean {
  const steps = expression.split(options.delimiter)
  return steps.some((_, index) => {
    const key = steps.slice(0, index + 1)
    const found = index === 0 && key[0] === '*' ? data : walk(data, key)
    const rest = steps.slice(index + 1).join(options.delimiter)
    return found !== undefined && index + 1 < steps.length && matchesValue(found, rest, options)
  })
}

type Options = Parameters<typeof matchesData>[2]

function matchesValue(value: Data, rest: string, options: Options): boolean {
  if (isMap(value)) return Object.keys(value).length > 0 && matchesMap(value, rest, options)
  if (!Array.isArray(value)) return options.pattern(rest)(textOf(value))
  const matches = options.pattern(rest)
  return value.some((item) => (isMap(item) ? matchesMap(item, rest, options) : matches(textOf(item))))
}

function matchesMap(map: DataMap, rest: string, options: Options): boolean {
  const anyKey = `*${options.delimiter}`
  const wildcard = rest.startsWith(anyKey)
  const pattern = wildcard ? rest.slice(anyKey.length) : rest
  if (pattern === '*' || Object.hasOwn(map, pattern)) return true
  if (matchesData(map, pattern, options)) return true
  return wildcard && Object.values(map).some((value) => matchesBelow(value, pattern, options))
}

function matchesBelow(value: Data, pattern: string, options: Options): boolean {
  if (isMap(value)) return matchesMap(value, pattern, options)
  const matches = options.pattern(pattern)
  return Array.isArray(value) ? value.some((item) => matches(textOf(item))) : matches(textOf(value))
}

/** Steps into maps by key and into lists by index, or by key into a list's maps. */
function walk(data: Data, steps: readonly string[]): Data | undefined {
  let value: Data | undefined = data
  for (const step of steps) value = value === undefined ? undefined : stepInto(value, step)
  return value
}

function stepInto(value: Data, step: string): Data | undefined {
  if (isMap(value)) return Object.hasOwn(value, step) ? value[step] : undefined
  if (!Array.isArray(value)) return undefined
  if (/^-?\d+$/u.test(step)) return value.at(Number(step))
  return value.filter(isMap).find((item) => Object.hasOwn(item, step))?.[step]
}

/** As Python writes it: Salt's targets see `None`, and ignore case. */
function textOf(value: Data): string {
  if (value === null) return 'None'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

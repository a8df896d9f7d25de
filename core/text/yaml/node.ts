import type { Data } from '../../data.ts'
import type { Place } from '../../errors.ts'

/** A piece of a YAML file that knows where it stands. */
export type YamlNode = YamlScalar | YamlList | YamlMap

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | string
  readonly at: Place
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly at: Place
}

export interface YamlMap {
  readonly kind: 'map'
  readonly entries: readonly YamlEntry[]
  readonly at: Place
}

export interface YamlEntry {
  readonly key: string
  /** Where the key stands. */
  readonly at: Place
  readonly value: YamlNode
}

export function dataOf(node: YamlNode): Data {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(dataOf)
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, dataOf(value)]))
}

/** Where the value at a path stands, a map's entry at its key; as far down as the path leads. */
export function placeIn(node: YamlNode, path: readonly (string | number)[]): Place {
  let found: { node: YamlNode; at: Place } = { node, at: node.at }
  for (const step of path) {
    const below = stepInto(found.node, step)
    if (below === undefined) break
    found = below
  }
  return found.at
}

function stepInto(node: YamlNode, step: string | number): { node: YamlNode; at: Place } | undefined {
  if (node.kind === 'map') {
    const entry = node.entries.find(({ key }) => key === String(step))
    return entry && { node: entry.value, at: entry.at }
  }
  const item = node.kind === 'list' ? node.items[Number(step)] : undefined
  return item && { node: item, at: item.at }
}

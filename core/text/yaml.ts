import type { Data } from '../data.ts'
import type { Place } from '../errors.ts'
import type { MappedText } from './mapped.ts'
import { fileText } from './mapped.ts'
import type { YamlNode } from './yaml/node.ts'
import { dataOf, placeIn } from './yaml/node.ts'
import { readDocument } from './yaml/read.ts'
import { parseSyntax } from './yaml/syntax.ts'

/** The content of a YAML file, with where each piece of it stands. */
export interface Yaml {
  value: Data
  /** Where the value at this path stands (a map's entry: its key); as far down as the path leads. */
  placeOf(path: readonly (string | number)[]): Place
}

/**
 * Reads YAML as Salt's loader does: `0644` is 644, yes/no/on/off are booleans, dates are text, keys are text as written.
 * Throws `UserErrors` with the place and a hint for each thing that is wrong.
 */
export function parseYaml(text: string, file: string): Yaml {
  const node = parseYamlNodes(fileText(file, text))
  return { value: dataOf(node), placeOf: (path) => placeIn(node, path) }
}

/** The same as a tree in which every node and key has its place; template values are filled in. */
export function parseYamlNodes(source: MappedText): YamlNode {
  return readDocument(source, parseSyntax(source))
}

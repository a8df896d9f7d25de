import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import type { YamlNode } from '../text/yaml/node.ts'
import { dataOf } from '../text/yaml/node.ts'
import type { Argument } from './high.ts'
import { shown } from './shown.ts'

/** One state (or several) as a requisite names it: `{pkg: nginx}`, `{sls: web}`, or a bare `nginx`. */
export interface Reference {
  /** The module, or `sls`; `undefined` for a bare reference, which may be of any module. */
  readonly module: string | undefined
  readonly ref: string
  readonly at: Place
}

/** Reads the list of references behind `require` and the like. Throws a `UserError` for the first that is malformed. */
export function readReferences({ name, value, at }: Argument): Reference[] {
  if (value.kind === 'list') return value.items.map((item) => readReference(name, item))
  // Salt takes a single map for the `_in` forms only.
  if (name.endsWith('_in') && value.kind === 'map') {
    return value.entries.map((entry) => readReference(name, { kind: 'map', entries: [entry], at: entry.at }))
  }
  throw new UserError('bad-requisite', `'${name}' must be a list, not ${shown(dataOf(value))}.`, {
    hint: `Write it as \`${name}: [{module: id}]\`.`,
    at,
  })
}

function readReference(name: string, node: YamlNode): Reference {
  if (node.kind === 'scalar' && typeof node.value === 'string')
    return { module: undefined, ref: node.value, at: node.at }
  const [entry, another] = node.kind === 'map' ? node.entries : []
  if (entry === undefined || another !== undefined) {
    throw new UserError('bad-requisite', `A '${name}' is one {module: id}, not ${shown(dataOf(node))}.`, {
      hint: another === undefined ? undefined : 'Write each reference as an item of its own.',
      at: node.at,
    })
  }
  if (entry.value.kind !== 'scalar' || typeof entry.value.value !== 'string') {
    throw new UserError(
      'bad-requisite',
      `The '${name}' on '${entry.key}' must name an id as text, not ${shown(dataOf(entry.value))}.`,
      {
        hint: 'Put the id in quotes.',
        at: entry.value.at,
      },
    )
  }
  if (entry.key.includes('.')) {
    const module = entry.key.split('.')[0] ?? ''
    throw new UserError(
      'bad-requisite',
      `The '${name}' on '${entry.key}' names a function; a reference names the module alone.`,
      {
        hint: `Write {${module}: ${entry.value.value}}.`,
        at: entry.at,
      },
    )
  }
  return { module: entry.key, ref: entry.value.value, at: node.at }
}

export function formatReference({ module, ref }: Reference): string {
  return module === undefined ? `'${ref}'` : `'${module}: ${ref}'`
}

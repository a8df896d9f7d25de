import type { DataMap } from '../data.ts'
import type { Catalog } from '../module/module.ts'
import type { Place } from '../errors.ts'
import type { YamlNode } from '../text/yaml/node.ts'
import { dataOf, placeIn } from '../text/yaml/node.ts'
import { checkArgs } from './arguments.ts'
import type { Draft } from './draft.ts'
import type { SourceFiles } from './files.ts'
import { isButlerUrl } from './files.ts'
import type { Argument } from './high.ts'
import type { Problems } from './problems.ts'
import { renderSource, renderTree } from './render-source.ts'
import { keysOf, sourcesOf } from './schema.ts'
import type { Context } from './template.ts'

interface Around {
  catalog: Catalog
  files: SourceFiles
  context: Context
  problems: Problems
}

/** A draft's arguments as its function gets them: rendered, checked, defaults filled in, sources resolved. */
export function finishArgs(draft: Draft, { catalog, files, context, problems }: Around): DataMap | undefined {
  const schema = catalog.states.get(draft.function)?.args
  if (schema === undefined) return undefined
  const sources = sourcesOf(schema)
  const given = problems.attempt(() =>
    rendered(withOneSource(draft.args, files), keysOf(schema), sources, { files, context }),
  )
  if (given === undefined) return undefined
  const args = problems.attempt(() =>
    checkArgs(schema, dataIn(draft.name, given), {
      what: draft.function,
      at: draft.at,
      placeOf: (path) => placeOf(given, path),
    }),
  )
  if (args === undefined) return undefined
  const resolved = [...sources].flatMap(([name, what]) => {
    const at = given.get(name)?.value.at ?? draft.at
    const url = (value: unknown): unknown =>
      typeof value === 'string' && isButlerUrl(value)
        ? (problems.attempt(() => files.resolve(value, what, at)) ?? value)
        : value
    const value = args[name]
    return value === undefined ? [] : [[name, Array.isArray(value) ? value.map(url) : url(value)] as const]
  })
  return { ...args, ...(Object.fromEntries(resolved) as DataMap) }
}

/**
 * Of a list of sources the first that is there: of the sources' own files that is known here, and any other address may
 * be. Where none is there the last one stands for the error.
 */
function withOneSource(args: Draft['args'], files: SourceFiles): Draft['args'] {
  const source = args.get('source')
  if (source?.value.kind !== 'list') return args
  const isThere = (item: YamlNode): boolean => {
    const url = dataOf(item)
    return typeof url === 'string' && files.mayBeThere(url, item.at)
  }
  const { items } = source.value
  const found = items.find(isThere) ?? items.at(-1)
  return found === undefined ? args : new Map([...args, ['source', { ...source, value: found }]])
}

/** The arguments with the source rendered, for a state that has a place for what comes out. */
function rendered(
  args: Draft['args'],
  keys: readonly string[],
  sources: ReadonlyMap<string, 'file' | 'tree'>,
  around: Pick<Around, 'files' | 'context'>,
): Draft['args'] {
  const named = (kind: 'file' | 'tree'): string | undefined => [...sources].find(([, what]) => what === kind)?.[0]
  const [file, tree] = [named('file'), named('tree')]
  if (file !== undefined && keys.includes('contents')) return renderSource(args, file, around)
  return tree !== undefined && keys.includes('rendered') ? renderTree(args, tree, around) : args
}

function dataIn(name: string, args: ReadonlyMap<string, Argument>): DataMap {
  return Object.fromEntries([['name', name], ...[...args].map(([key, { value }]) => [key, dataOf(value)] as const)])
}

/** A wrong value stands at its value, an unknown argument at its name: both are the argument's place. */
function placeOf(
  args: ReadonlyMap<string, Argument>,
  [name, ...path]: readonly (string | number)[],
): Place | undefined {
  const argument = args.get(String(name))
  if (argument === undefined) return undefined
  return path.length === 0 ? argument.at : placeIn(argument.value, path)
}

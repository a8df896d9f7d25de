import type { Data, DataMap } from '../data.ts'
import { UserError } from '../errors.ts'
import type { Catalog } from '../module/module.ts'
import { suggest } from '../text/nearest.ts'
import type { YamlNode } from '../text/yaml/node.ts'
import { dataOf, placeIn } from '../text/yaml/node.ts'
import { checkArgs, nameWords } from './arguments.ts'
import type { Argument } from './high.ts'
import type { Guard, Guards } from './low.ts'
import type { Problems } from './problems.ts'
import { shown } from './shown.ts'

/** Reads `unless`, `onlyif` and `creates`. */
export function readGuards(given: ReadonlyMap<string, Argument>, catalog: Catalog, problems: Problems): Guards {
  const guards: Guards = {}
  for (const kind of ['unless', 'onlyif'] as const) {
    const argument = given.get(kind)
    if (argument === undefined) continue
    guards[kind] = itemsOf(argument.value).flatMap(
      (item) => problems.attempt(() => readGuard(item, kind, catalog)) ?? [],
    )
  }
  const creates = given.get('creates')
  if (creates !== undefined) {
    guards.creates = itemsOf(creates.value).flatMap((item) => problems.attempt(() => readPath(item)) ?? [])
  }
  return guards
}

function itemsOf(node: YamlNode): readonly YamlNode[] {
  return node.kind === 'list' ? node.items : [node]
}

function readPath(node: YamlNode): string {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.startsWith('/')) return node.value
  throw new UserError('bad-guard', `'creates' is an absolute path or a list of them, not ${shown(dataOf(node))}.`, {
    at: node.at,
  })
}

function readGuard(node: YamlNode, kind: string, catalog: Catalog): Guard {
  if (node.kind === 'map') return readFunctionGuard(node, kind, catalog)
  // `unless: true` is what people write for the command `true`, and YAML reads a boolean.
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return { command: String(node.value) }
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.trim() !== '')
    return { command: node.value }
  throw new UserError('bad-guard', `'${kind}' is a command, or a map with 'fun', not ${shown(dataOf(node))}.`, {
    at: node.at,
  })
}

function readFunctionGuard(node: YamlNode, kind: string, catalog: Catalog): Guard {
  const data = dataOf(node) as DataMap
  const { fun, args, get_return, ...named } = data
  const definition = typeof fun === 'string' ? catalog.functions.get(fun) : undefined
  if (typeof fun !== 'string' || definition === undefined) {
    const message =
      fun === undefined
        ? `A map in '${kind}' names a function as 'fun'.`
        : `There is no execution function ${shown(fun)}.`
    const hint = typeof fun === 'string' ? suggest(fun, catalog.functions.keys()) : undefined
    throw new UserError('unknown-function', message, { hint, at: placeIn(node, ['fun']) })
  }
  const placeOf = (path: readonly (string | number)[]) => placeIn(node, path)
  const positional: readonly Data[] = Array.isArray(args) ? args : args === undefined ? [] : [args]
  const checked = { what: fun, at: node.at, placeOf }
  const given = nameWords(definition.args, { positional, named }, checked)
  return {
    function: fun,
    args: checkArgs(definition.args, given, checked),
    ...(typeof get_return === 'string' ? { get_return } : {}),
  }
}

import { UserError } from '../errors.ts'
import type { Catalog } from '../module/module.ts'
import { suggest } from '../text/nearest.ts'
import { dataOf } from '../text/yaml/node.ts'
import type { Draft, Wanted } from './draft.ts'
import { readGuards } from './guards.ts'
import type { Argument, Declaration } from './high.ts'
import type { OneName } from './names.ts'
import { expandNames } from './names.ts'
import { OPTION_NAMES, readOptions } from './options.ts'
import type { Problems } from './problems.ts'
import { readReferences } from './reference.ts'
import { keysOf } from './schema.ts'
import { shown } from './shown.ts'
import { COMBINED, GUARDS, IGNORED, IN_KINDS, KINDS } from './words.ts'

/** High to low: one draft of a chunk for each name of each declaration, its words sorted by what they mean. */
export function expand(declarations: readonly Declaration[], catalog: Catalog, problems: Problems): readonly Draft[] {
  return declarations.flatMap((declaration, index) => {
    const known = knows(declaration, catalog, problems)
    const names = expandNames(declaration, problems)
    return known ? names.map((one) => draft(declaration, one, { index, catalog, problems })) : []
  })
}

function knows({ module, fun, at, id }: Declaration, catalog: Catalog, problems: Problems): boolean {
  const name = `${module}.${fun}`
  if (catalog.states.has(name)) return true
  const isFunction = catalog.functions.has(name)
  const hint = isFunction
    ? `'${name}' is an execution function: call it with \`butler-call ${name}\`.`
    : (suggest(name, catalog.states.keys()) ?? suggest(name, ofModule(module, catalog)))
  problems.add(new UserError('unknown-state', `There is no state function '${name}' (id '${id}').`, { hint, at }))
  return false
}

function ofModule(module: string, catalog: Catalog): string[] {
  return [...catalog.states.keys()].filter((name) => name.startsWith(`${module}.`))
}

interface Around {
  index: number
  catalog: Catalog
  problems: Problems
}

function draft(
  declaration: Declaration,
  { name, position, args }: OneName,
  { index, catalog, problems }: Around,
): Draft {
  const { id, module, fun, sls, at } = declaration
  const fullName = `${module}.${fun}`
  const definition = catalog.states.get(fullName)
  const own = new Set(definition === undefined ? [] : keysOf(definition.args))
  const ignores = new Map([...IGNORED, ...Object.entries(definition?.ignores ?? {})])
  const words = new Map(args.map((argument) => [argument.name, argument]))
  for (const argument of args) {
    const why = ignores.get(argument.name)
    if (why !== undefined) warnIgnored(argument, why, problems)
  }
  return {
    id,
    module,
    function: fullName,
    name,
    sls,
    at,
    order: { written: problems.attempt(() => readOrder(words.get('order'))), declaration: index, name: position },
    args: new Map([...words].filter(([word]) => own.has(word) || !(isCommon(word) || ignores.has(word)))),
    requisites: wanted(args, KINDS, problems),
    incoming: wanted(args, IN_KINDS, problems),
    guards: readGuards(words, catalog, problems),
    options: readOptions(words, { function: fullName, own }, problems),
  }
}

/** A word that means the same below every function. */
function isCommon(word: string): boolean {
  return word === 'order' || COMBINED.has(word) || GUARDS.has(word) || OPTION_NAMES.has(word)
}

function wanted(args: readonly Argument[], kinds: ReadonlyMap<string, Wanted['kind']>, problems: Problems): Wanted[] {
  return args.flatMap((argument) => {
    const kind = kinds.get(argument.name)
    if (kind === undefined) return []
    const references = problems.attempt(() => readReferences(argument)) ?? []
    return references.map((reference) => ({ kind, reference }))
  })
}

function readOrder(argument: Argument | undefined): Draft['order']['written'] {
  if (argument === undefined) return undefined
  const value = dataOf(argument.value)
  if (value === 'first' || value === 'last' || (typeof value === 'number' && Number.isInteger(value))) return value
  throw new UserError('bad-order', `'order' is a whole number, 'first' or 'last', not ${shown(value)}.`, {
    at: argument.at,
  })
}

function warnIgnored({ name, at }: Argument, why: string, problems: Problems): void {
  problems.warn(new UserError('ignored-argument', `'${name}' has no effect: ${why}.`, { at }))
}

import type { Data } from '../../data.ts'
import { UserError } from '../../errors.ts'
import { nearest, suggest } from '../../text/nearest.ts'
import type { Expression, Hash, PathExpression } from './ast.ts'
import type { Mine } from './builtins.ts'
import { HELPERS } from './builtins.ts'
import { placeOf } from './parse.ts'
import type { Found, Scope } from './scope.ts'

/** What evaluating needs besides the names in scope. */
export interface Surroundings {
  file: string
  /** The template's text, for errors. */
  written(node: { loc: Expression['loc'] }): string
  mine: Mine
}

/** The value of an expression. Throws a `UserError` when anything in it is undefined. */
export function evaluate(expression: Expression, scope: Scope, around: Surroundings): Data {
  const found = find(expression, scope, around)
  if (found.value !== undefined) return found.value
  throw found.error
}

type Result = { value: Data; error?: undefined } | { value?: undefined; error: UserError }

/** The value, or why there is none: only `default` may ask so. A mistake in a helper's use is thrown all the same. */
export function find(expression: Expression, scope: Scope, around: Surroundings): Result {
  switch (expression.type) {
    case 'PathExpression':
      return findPath(expression, scope, around)
    case 'SubExpression':
      return call(expression, scope, around)
    case 'NullLiteral':
      return { value: null }
    case 'UndefinedLiteral':
      return {
        error: new UserError('undefined-value', 'The value is undefined.', {
          at: placeOf(around.file, expression.loc.start),
        }),
      }
    default:
      return { value: expression.value }
  }
}

function findPath(path: PathExpression, scope: Scope, around: Surroundings): Result {
  const found = scope.find(path)
  return 'value' in found ? found : { error: undefinedValue(path, found, around) }
}

function undefinedValue(
  path: PathExpression,
  found: Exclude<Found, { value: Data }>,
  { file }: Surroundings,
): UserError {
  const at = placeOf(file, path.loc.start)
  const { missing, of, known } = found
  const helper = HELPERS.get(missing)
  if (of === undefined && path.parts.length === 1 && helper !== undefined) {
    return new UserError('template-arguments', `The helper '${missing}' needs arguments.`, {
      hint: `Write {{${helper.usage}}}.`,
      at,
    })
  }
  const where = of === undefined ? 'here' : `in '${of}'`
  const near = nearest(missing, known)
  const whole = of === undefined || near === undefined ? near : `${of}.${near}`
  const hint =
    whole === undefined
      ? (suggest(missing, known) ?? `If it may be missing: {{default ${path.original} ...}}.`)
      : `Did you mean '${whole}'?`
  const atRoot = missing === 'id' && of === undefined
  return new UserError('undefined-value', `'${path.original}' is undefined: there is no '${missing}' ${where}.`, {
    hint: atRoot ? "The minion's id is {{@root.id}} here." : hint,
    at,
  })
}

interface CallNode {
  path: Expression
  params: Expression[]
  hash?: Hash
  loc: Expression['loc']
}

/** Calls a helper. Its arguments are evaluated when it asks for them. */
export function call(node: CallNode, scope: Scope, around: Surroundings): Result {
  const at = placeOf(around.file, node.path.loc.start)
  const name = node.path.type === 'PathExpression' ? node.path.original : around.written(node.path)
  const helper = HELPERS.get(name)
  if (helper === undefined) {
    throw new UserError('unknown-helper', `There is no helper '${name}'.`, {
      hint: suggest(name, HELPERS.keys()) ?? `There is: ${[...HELPERS.keys()].join(', ')}.`,
      at,
    })
  }
  const [fewest, most] = helper.takes
  if (node.params.length < fewest || node.params.length > most) {
    throw new UserError('template-arguments', `The helper '${name}' is used with ${node.params.length} arguments.`, {
      hint: `Write {{${helper.usage}}}.`,
      at,
    })
  }
  const options = new Map((node.hash?.pairs ?? []).map((pair) => [pair.key, evaluate(pair.value, scope, around)]))
  for (const option of options.keys()) {
    if (helper.options?.includes(option) === true) continue
    throw new UserError('template-arguments', `The helper '${name}' has no option '${option}'.`, {
      hint: `Write {{${helper.usage}}}.`,
      at,
    })
  }
  const value = helper.run({
    name,
    at,
    values: node.params.map((param) => ({
      get: () => evaluate(param, scope, around),
      find: () => find(param, scope, around).value,
      written: around.written(param),
      at: placeOf(around.file, param.loc.start),
    })),
    options,
    mine: around.mine,
  })
  if (value !== undefined) return { value }
  return {
    error:
      helper.missing?.(around.written(node), at) ??
      new UserError('undefined-value', `'${around.written(node)}' is undefined.`, { at }),
  }
}

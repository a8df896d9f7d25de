import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError, UserErrors, userErrorsOf } from '../../core/errors.ts'
import { checkArgs, nameWords, parseWords } from '../../core/compile/arguments.ts'
import { keysOf } from '../../core/compile/schema.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { AnyFunction } from '../../core/module/fn.ts'
import type { Catalog } from '../../core/module/module.ts'
import { fillFromPillar } from '../../core/module/option.ts'
import type { FunctionWork } from '../../core/protocol/messages.ts'
import { markSecrets, sealSecrets, secretMarker } from '../../core/secret.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Desired } from '../../core/desired/desired.ts'

/** A call as it is meant: arguments by name, secrets as marks, nothing checked yet but that they have a place. */
export interface FunctionCall {
  name: string
  definition: AnyFunction
  named: DataMap
}

export function findFunction(catalog: Catalog, name: string): AnyFunction {
  const found = catalog.functions.get(name)
  if (found !== undefined) return found
  const hint = catalog.states.has(name)
    ? `It is a state function: use it in a state file, and 'butler-master apply'.`
    : suggest(name, catalog.functions.keys())
  throw new UserError('unknown-function', `There is no function '${name}'.`, { hint })
}

/** Reads the words of a command line: `key=value` and positional ones, and `key=secret:NAME` for a secret's value. */
export function readCall(catalog: Catalog, name: string, words: readonly string[]): FunctionCall {
  const definition = findFunction(catalog, name)
  const { positional, named } = parseWords(words)
  const marked = Object.fromEntries(Object.entries(named).map(([key, value]) => [key, withSecret(value)]))
  return { name, definition, named: nameWords(definition.args, { positional, named: marked }, { what: name }) }
}

function withSecret(value: DataMap[string]): DataMap[string] {
  const secret = typeof value === 'string' ? /^secret:(\w[\w./@-]*)$/u.exec(value)?.[1] : undefined
  return secret === undefined ? value : secretMarker(secret)
}

export interface CallWorks {
  targets: ReadonlyMap<string, FunctionWork>
  warnings: { target: string; text: string }[]
}

/** What each minion is to call, with the arguments that its pillar gives. Throws `UserErrors` for arguments that don't fit. */
export function callWorks(desired: Desired, snapshot: Snapshot, ids: readonly string[], call: FunctionCall): CallWorks {
  const warnings: CallWorks['warnings'] = []
  const targets = new Map<string, FunctionWork>()
  for (const id of ids) {
    const { pillar, warning } = pillarFor(desired, snapshot, id)
    if (warning !== undefined) warnings.push({ target: id, text: warning })
    targets.set(id, { kind: 'function', function: call.name, args: argsFor(call, pillar, id), pillar })
  }
  return { targets, warnings }
}

function argsFor({ name, definition, named }: FunctionCall, pillar: DataMap, id: string): DataMap {
  const marked = markSecrets(pillar)
  const filled = fillFromPillar(name, named, isMap(marked) ? marked : {}, keysOf(definition.args))
  try {
    const args = sealSecrets(checkArgs(definition.args, filled, { what: name }))
    return isMap(args) ? args : {}
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    throw new UserErrors(
      errors.map(
        (error) => new UserError(error.code, error.message, { hint: error.hint ?? `For '${id}'.`, cause: error }),
      ),
    )
  }
}

/** A minion whose pillar is broken can be called nevertheless: that is how one finds out why. */
function pillarFor(desired: Desired, snapshot: Snapshot, id: string): { pillar: DataMap; warning?: string } {
  try {
    return { pillar: desired.pillar(snapshot, id) }
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return { pillar: {}, warning: `called without its pillar: ${errors.map((error) => error.message).join(' ')}` }
  }
}

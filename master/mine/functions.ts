import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError, UserErrors, userErrorsOf } from '../../core/errors.ts'
import { checkArgs, nameWords } from '../../core/compile/arguments.ts'
import { shown } from '../../core/compile/shown.ts'
import type { Catalog } from '../../core/module/module.ts'
import type { MineFunctions } from '../../core/protocol/messages.ts'
import { suggest } from '../../core/text/nearest.ts'

/**
 * Reads pillar's `mine_functions` in both of Salt's shapes: `network.ip_addrs: [eth0]`, and an alias whose list names the
 * function by `mine_function`. Arguments stand in order, or by name in maps. Throws `UserErrors` for every one that is
 * wrong.
 */
export function mineFunctionsOf(pillar: DataMap, catalog: Catalog): MineFunctions {
  const given = pillar['mine_functions'] ?? {}
  if (!isMap(given)) {
    throw new UserError('bad-mine-functions', `The pillar's mine_functions must be a map, not ${shown(given)}.`, {
      hint: 'Write it as `mine_functions: { network.ip_addrs: [] }`.',
    })
  }
  const errors: UserError[] = []
  const read = Object.entries(given).flatMap(([alias, value]) => {
    try {
      return [[alias, readOne(alias, value, catalog)] as const]
    } catch (thrown) {
      const found = userErrorsOf(thrown)
      if (found === undefined) throw thrown
      errors.push(...found)
      return []
    }
  })
  if (errors.length > 0) throw new UserErrors(errors)
  return Object.fromEntries(read)
}

function readOne(alias: string, value: Data, catalog: Catalog): MineFunctions[string] {
  const items = Array.isArray(value) ? value : value === null ? [] : [value]
  const maps = items.filter(isMap)
  const { mine_function: named, ...args } = maps.reduce<DataMap>((all, map) => ({ ...all, ...map }), {})
  const name = named === undefined ? alias : named
  if (typeof name !== 'string') {
    throw new UserError('bad-mine-functions', `The mine_function of '${alias}' must be a function's name.`)
  }
  const found = catalog.functions.get(name)
  if (found === undefined) {
    throw new UserError('unknown-function', `There is no function '${name}', which mine_functions names.`, {
      hint: suggest(name, catalog.functions.keys()),
    })
  }
  if (found.changes !== false) {
    throw new UserError('mine-changes', `'${name}' does not only look at its minion: it can't be a mine function.`)
  }
  const positional = items.filter((item) => !isMap(item))
  checkArgs(found.args, nameWords(found.args, { positional, named: args }, { what: name }), { what: name })
  return { function: name, args: positional, ...(Object.keys(args).length === 0 ? {} : { named: args }) }
}

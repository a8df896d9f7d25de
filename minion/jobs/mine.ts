import { checkArgs, nameWords } from '../../core/compile/arguments.ts'
import type { Data, DataMap } from '../../core/data.ts'
import { UserError, userErrorsOf } from '../../core/errors.ts'
import type { Machine } from '../../core/run/machine.ts'
import { suggest } from '../../core/text/nearest.ts'
import { catalog } from '../../modules/catalog.ts'
import { createMachine } from '../host/machine.ts'
import type { MineOrder, MineValues } from './order.ts'

/** Calls the mine's functions. One that fails keeps none of the others from answering. */
export async function mineValues(order: MineOrder): Promise<MineValues> {
  const machine = createMachine({ grains: order.grains, pillar: {}, confine: order.home.confine })
  const made: MineValues = { values: {}, failed: {} }
  for (const [alias, { function: name, args, named = {} }] of Object.entries(order.functions)) {
    try {
      made.values[alias] = await valueOf(name, { positional: args, named }, machine)
    } catch (thrown) {
      made.failed[alias] = userErrorsOf(thrown)?.[0]?.message ?? String(thrown)
    }
  }
  return made
}

async function valueOf(
  name: string,
  words: { positional: readonly Data[]; named: DataMap },
  machine: Machine,
): Promise<Data> {
  const found = catalog.functions.get(name)
  if (found === undefined) {
    throw new UserError('unknown-function', `There is no function '${name}'.`, {
      hint: suggest(name, catalog.functions.keys()),
    })
  }
  if (found.changes !== false) throw new UserError('mine-changes', `'${name}' does not only look: not for the mine.`)
  const args = checkArgs(found.args, nameWords(found.args, words, { what: name }), {
    what: name,
  })
  return found.run(machine.host({}), args)
}

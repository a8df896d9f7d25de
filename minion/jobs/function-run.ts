import { UserError } from '../../core/errors.ts'
import type { Data } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import type { AnyFunction } from '../../core/module/fn.ts'
import type { RunEvent } from '../../core/run/event.ts'
import type { Machine } from '../../core/run/machine.ts'
import { openSecrets, Secret } from '../../core/secret.ts'
import { suggest } from '../../core/text/nearest.ts'
import { catalog } from '../../modules/catalog.ts'
import { createMachine } from '../host/machine.ts'
import { masterAuthority } from './authority.ts'
import { masterFiles } from './files.ts'
import type { FunctionOrder } from './order.ts'
import { orStopped, type Stop } from './stop.ts'

type Ended = RunEvent & { type: 'ended' }

/** Calls one execution function; the master has checked its arguments. */
export async function runFunction(order: FunctionOrder, emit: (event: RunEvent) => void, stop: Stop): Promise<Ended> {
  emit({ type: 'started', pid: process.pid, chunks: 0, test: false })
  const secrets = new Map(Object.entries(order.secrets).map(([name, value]) => [name, new Secret(value)]))
  const args = openSecrets(order.args, secrets)
  const machine = createMachine({
    grains: order.grains,
    pillar: order.pillar,
    files: masterFiles(order.home),
    authority: masterAuthority(order.home),
    confine: order.home.confine,
  })
  const answer = await orStopped(call(order.function, isMap(args) ? args : {}, machine), stop)
  if (stop.reason !== undefined) return { type: 'ended', ...stop.reason }
  return { type: 'ended', outcome: 'succeeded', cause: '', return: answer ?? null }
}

/** Only a function that says that it changes things is handed a machine that it can change. */
export async function call(name: string, args: Record<string, Data>, machine: Machine): Promise<Data> {
  const found: AnyFunction | undefined = catalog.functions.get(name)
  if (found === undefined) {
    throw new UserError('unknown-function', `There is no function '${name}'.`, {
      hint: suggest(name, catalog.functions.keys()),
    })
  }
  if (found.changes === 'asks') {
    throw new UserError('answered-elsewhere', `'${name}' is answered by the master, not by a minion.`, {
      hint: 'Call it with butler-master, or on the minion with butler-call.',
    })
  }
  return found.run(machine.host({}), args)
}

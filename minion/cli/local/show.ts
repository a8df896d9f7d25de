import type { Call } from '../../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import type { LowState } from '../../../core/compile/low.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { printRendered } from '../../../core/desired/print-rendered.ts'
import { nestedLines } from '../../../core/run/nested.ts'
import type { CallRequest } from '../request.ts'
import { LocalDesired } from './compiled.ts'
import type { Session } from './session.ts'

/** Prints what a run would go by, and runs nothing. */
export function showLocally({ what, states }: CallRequest & { kind: 'show' }, session: Session, call: Call): ExitCode {
  const desired = new LocalDesired(session)
  const shown: Record<typeof what, () => unknown> = {
    lowstate: () => numbered(desired.low(states)),
    highstate: () => byId(desired.low(states)),
    pillar: () => desired.pillar,
    top: () => ({ roles: desired.roles, states: desired.highstate }),
  }
  const value = shown[what]()
  call.io.data(value)
  // all of it is plain JSON by its contract
  call.io.print(() => nestedLines(JSON.parse(JSON.stringify(value)) as Data, 0).join('\n'))
  return EXIT.ok
}

/** Prints a file of the states as it comes out here. */
export function showTemplateLocally(
  { name }: CallRequest & { kind: 'template' },
  session: Session,
  call: Call,
): ExitCode {
  return printRendered(new LocalDesired(session).rendered(name), call)
}

/** The low state, each chunk with its position, in the words of a run's results. */
function numbered(low: LowState): unknown {
  return { ...low, chunks: low.chunks.map((chunk, order) => ({ order, ...chunk })) }
}

/** Each id with its state functions and their arguments. */
export function byId(low: LowState): DataMap {
  const all: Record<string, DataMap> = {}
  for (const { id, function: name, args, sls } of low.chunks) {
    all[id] = { ...all[id], __sls__: sls, [name]: [...[all[id]?.[name] ?? []].flat(), args] }
  }
  return all
}

import type { Snapshot } from '../../core/compile/snapshot.ts'
import { UserError, UserErrors } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Sources } from '../sources/sources.ts'
import type { Desired } from '../../core/desired/desired.ts'
import { compileErrors, prepare } from './work.ts'

export interface CheckDeps {
  desired: Desired
  sources: Sources
  /** All minions whose grains are known. */
  ids: () => readonly string[]
}

/**
 * Gets what is newest and says everything that is wrong: with the sources, and with what they make of each minion.
 * @param wanted whom to check; all of them when empty
 */
export async function check(deps: CheckDeps, wanted: readonly string[]): Promise<{ checked: string[] }> {
  const ids = wanted.length === 0 ? deps.ids() : wanted.map((id) => known(deps.ids(), id))
  const status = await deps.sources.update()
  const refused = status.flatMap(({ errors }) => errors.map((error) => UserError.fromData(error)))
  if (refused.length > 0) throw new UserErrors(refused)
  const snapshot: Snapshot = deps.sources.current()
  const { errors } = await prepare(deps.desired, snapshot, ids, { states: [], test: true })
  if (errors.size > 0) throw compileErrors(errors)
  return { checked: [...ids] }
}

function known(ids: readonly string[], id: string): string {
  if (ids.includes(id)) return id
  throw new UserError('unknown-minion', `No minion '${id}' is known.`, { hint: suggest(id, ids) })
}

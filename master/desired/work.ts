import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DataMap } from '../../core/data.ts'
import { formatPlace, UserError, UserErrors, userErrorsOf } from '../../core/errors.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { StoredWork } from '../jobs/jobs.ts'
import type { Desired } from '../../core/desired/desired.ts'

/** What is to be applied, to whomever. */
export interface Wanted {
  /** Empty: highstate. */
  states: readonly string[]
  test: boolean
  pillar?: DataMap | undefined
}

export type StateJobWork = Exclude<StoredWork, { kind: 'function' }>

export interface Prepared {
  targets: ReadonlyMap<string, StateJobWork>
  errors: ReadonlyMap<string, readonly UserError[]>
}

/** Compiles for each minion what a job would have it do. */
export async function prepare(
  desired: Desired,
  snapshot: Snapshot,
  ids: readonly string[],
  wanted: Wanted,
): Promise<Prepared> {
  const targets = new Map<string, StateJobWork>()
  const errors = new Map<string, readonly UserError[]>()
  for (const id of ids) {
    // Other minions have to be answered while a large fleet is compiled for.
    await nextTurn()
    try {
      targets.set(id, workFor(desired, snapshot, id, wanted))
    } catch (thrown) {
      const found = userErrorsOf(thrown)
      if (found === undefined) throw thrown
      errors.set(id, found)
    }
  }
  return { targets, errors }
}

export function workFor(desired: Desired, snapshot: Snapshot, id: string, wanted: Wanted): StateJobWork {
  const { states, test, pillar: given } = wanted
  const low = desired.low(snapshot, id, states, given)
  return { kind: 'state', test, snapshot: snapshot.id, low, pillar: desired.pillar(snapshot, id, given, states) }
}

/** All errors of all minions as one; what several have in common is said once. */
export function compileErrors(errors: ReadonlyMap<string, readonly UserError[]>): UserErrors {
  const grouped = new Map<string, { error: UserError; ids: string[] }>()
  for (const [id, found] of errors) {
    for (const error of found) {
      const key = [error.code, error.message, error.at && formatPlace(error.at)].join('\n')
      const group = grouped.get(key) ?? { error, ids: [] }
      group.ids.push(id)
      grouped.set(key, group)
    }
  }
  return new UserErrors([...grouped.values()].map(({ error, ids }) => withMinions(error, ids)))
}

function withMinions(error: UserError, ids: readonly string[]): UserError {
  const { code, message, hint, at } = error
  return new UserError(code, `${message} [${shortList(ids)}]`, { hint, at, cause: error })
}

/** `a, b, c and 7 more`. */
export function shortList(ids: readonly string[]): string {
  return ids.length <= 4 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`
}

/** `highstate` or `state.apply web`, as lists of jobs show it. */
export function titleOf({ states }: Wanted): string {
  return states.length === 0 ? 'state.highstate' : `state.apply ${states.join(' ')}`
}

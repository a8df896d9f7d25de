import type { DataMap } from '../data.ts'
import type { UserError } from '../errors.ts'
import type { LowState } from '../compile/low.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Rendered } from './rendered.ts'

/** What each minion should be: roles, pillar and low state, from one snapshot. */
export interface Desired {
  /** Roles = mapping ∪ join token; what a minion claims in its grains does not count. Sorted. */
  roles(snapshot: Snapshot, id: string): readonly string[]
  /** The minion's grains as last heard, with `roles` overwritten by the master. */
  grains(snapshot: Snapshot, id: string): DataMap
  /** The state files of all its roles, in the roles' order, each once. Throws `UserErrors`. */
  highstate(snapshot: Snapshot, id: string): readonly string[]
  /**
   * As its highstate sees it, with the defaults of the folders of these further states. Secrets in it are references.
   * Throws `UserErrors`.
   */
  pillar(snapshot: Snapshot, id: string, given?: DataMap, states?: readonly string[]): DataMap
  /** One file of the states as its templates make it for a minion; `name` as `findFile` takes it. Throws `UserErrors`. */
  rendered(snapshot: Snapshot, id: string, name: string, given?: DataMap): Rendered
  /** Compiles for one minion; `states` empty is its highstate. Throws `UserErrors`. */
  low(snapshot: Snapshot, id: string, states: readonly string[], given?: DataMap): LowState
  /** The same for many: every minion's low state, or its errors. */
  lows(
    snapshot: Snapshot,
    ids: readonly string[],
    states: readonly string[],
    given?: DataMap,
  ): { lows: ReadonlyMap<string, LowState>; errors: ReadonlyMap<string, readonly UserError[]> }
}

import type { Data, DataMap } from '../data.ts'
import type { Catalog } from '../module/module.ts'
import type { LowState } from './low.ts'
import type { Snapshot } from './snapshot.ts'

/** All that a low state follows from. The same input gives the same low state, or the same errors. */
export interface CompileInput {
  snapshot: Snapshot
  /** The state files to apply, dotted (`postgres`, `tracker.database`), in this order. */
  apply: readonly string[]
  /** The snapshot's folder that they lie in: `states` when left out, `orchestrations` for orchestrations. */
  root?: string
  minion: CompiledMinion
  /** Other minions' mine values: the helper `mine`. */
  mine: (target: string, fun: string) => Record<string, Data>
  catalog: Catalog
}

export interface CompiledMinion {
  id: string
  grains: DataMap
  /** As the master attests them, sorted. */
  roles: readonly string[]
  pillar: DataMap
}

/** Compiles, or throws `UserErrors` with every error that it can find. */
export type Compile = (input: CompileInput) => LowState

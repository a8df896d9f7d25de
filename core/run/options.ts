import type { LowState } from '../compile/low.ts'
import type { Catalog } from '../module/module.ts'
import type { SecretValues } from '../secret.ts'
import type { RunEvent } from './event.ts'
import type { Machine } from './machine.ts'
import type { ChunkResult, RunSummary } from './result.ts'

export interface RunOptions {
  low: LowState
  catalog: Catalog
  machine: Machine
  /** The values of `low.secrets`, for the memory of this run alone. */
  secrets: SecretValues
  /** Plan only: nothing is touched. */
  test: boolean
  /** Told of everything as it happens, `ended` excepted: that is the caller's to say. */
  emit(event: RunEvent): void
  /** When aborted, no further chunk is begun. The results say how far the run came. */
  signal: AbortSignal
}

export interface Ran {
  /** In the order in which they were done; chunks that were never begun have none. */
  results: ChunkResult[]
  summary: RunSummary
}

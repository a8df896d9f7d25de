import type { Layout } from '../../core/cli/layout.ts'
import type { LowState } from '../../core/compile/low.ts'
import type { Data, DataMap } from '../../core/data.ts'
import type { MineFunctions } from '../../core/protocol/messages.ts'
import type { Address } from '../config/config.ts'

/** What a worker process is told, as JSON on its standard input: secrets are never on a command line or on disk. */
export type Order = StateOrder | FunctionOrder | DescribeOrder | MineOrder | RequestOrder

/** The minion that the worker works for. */
export interface Home {
  layout: Layout
  confine: string | undefined
  /** Where files are fetched from. */
  master: Address | undefined
}

/** Of a job: the worker writes its events itself, so the agent may come and go meanwhile. */
interface JobOrder {
  jid: string
  /** The job's folder in the spool. */
  folder: string
  home: Home
  grains: DataMap
  pillar: DataMap
  secrets: Record<string, string>
  /** In milliseconds, from the start. */
  runMs: number
}

export interface StateOrder extends JobOrder {
  kind: 'state'
  test: boolean
  low: { inline: LowState } | { digest: string }
}

export interface FunctionOrder extends JobOrder {
  kind: 'function'
  function: string
  args: DataMap
}

/** What this minion is and can do. Answered on standard output. */
export interface DescribeOrder {
  kind: 'describe'
  home: Home
}

export interface Description {
  grains: DataMap
  /** Digest of the names of all states and functions. */
  catalog: string
  functions: string[]
}

/** The values of mine functions. Answered on standard output. */
export interface MineOrder {
  kind: 'mine'
  home: Home
  grains: DataMap
  functions: MineFunctions
}

export interface MineValues {
  values: Record<string, Data>
  /** Alias -> what went wrong. */
  failed: Record<string, string>
}

/** A certificate request for the key of this minion. Answered on standard output. */
export interface RequestOrder {
  kind: 'request'
  home: Home
  id: string
}

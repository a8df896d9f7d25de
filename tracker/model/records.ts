import type { DataMap } from '../../core/data.ts'
import type { RunError, RunStatus } from './status.ts'

// What the tracker keeps, as the programs and people see it. All times are ISO 8601 in UTC.

export interface Workflow {
  id: number
  name: string
  version: string
  configId: string
  /** Names the kept copy of its folder. */
  digest: string
  created: string
  updated: string
}

export interface Analysis {
  id: number
  name: string
  /** A day: `2017-01-01`. */
  startDate: string | null
  configId: string
  created: string
  updated: string
}

export interface Run {
  id: number
  status: RunStatus
  analysis: { id: number; name: string }
  workflow: { id: number; name: string; version: string; digest: string }
  configId: string
  /** The file that it was launched from. */
  source: string
  /** How often it was scheduled. */
  attempt: number
  created: string
  updated: string
  started: string | null
  ended: string | null
  error: RunError | null
  engineId: string | null
  /** Somebody asked for its end; the engine has not ended it yet, or has. */
  cancelledBy: string | null
}

/** A run with what it was launched with. */
export interface LaunchedRun extends Run {
  effective: DataMap
}

export interface TaskAttempt {
  runId: number
  runAttempt: number
  /** The task's name; with `for_each` also which of them: `call[2]`. */
  task: string
  attempt: number
  state: 'running' | 'completed' | 'error'
  started: string
  ended: string | null
  exitCode: number | null
  cause: string | null
}

/** A process that works off runs. */
export interface Engine {
  id: string
  host: string
  pid: number | null
}

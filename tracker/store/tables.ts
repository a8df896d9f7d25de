import type { Generated } from 'kysely'

// The tables as both databases give them: JSON as text, times as ISO 8601 text in UTC, numbers as numbers.

export interface Tables {
  configuration: ConfigurationTable
  workflow: WorkflowTable
  analysis: AnalysisTable
  analysis_run: AnalysisRunTable
  engine: EngineTable
  task_attempt: TaskAttemptTable
}

interface Dated {
  created_date: string
  last_updated_date: string
}

interface ConfigurationTable extends Dated {
  config_id: string
  config: string
}

interface WorkflowTable extends Dated {
  workflow_id: Generated<number>
  workflow_name: string
  workflow_version: string
  config_id: string
  /** SHA-256 of the workflow's folder: names the kept copy. */
  workflow_digest: string
}

interface AnalysisTable extends Dated {
  analysis_id: Generated<number>
  analysis_name: string
  /** A day: `2017-01-01`. */
  start_date: string | null
  config_id: string
}

interface AnalysisRunTable extends Dated {
  analysis_run_id: Generated<number>
  analysis_id: number
  workflow_id: number
  config_id: string
  run_status: number
  run_start_date: string | null
  run_end_date: string | null
  /** The exit code of the program that failed. */
  run_error_code: number | null
  run_error_kind: string | null
  run_error: string | null
  /** What the run was launched with, for ever: later changes of a level do not touch it. */
  effective_config: string
  workflow_digest: string
  /** The file that it was launched from, relative to the folder of the launch. */
  source: string
  /** How often it was scheduled; 1 for the first time. */
  attempt: number
  engine_id: string | null
  cancel_date: string | null
  cancel_by: string | null
}

interface EngineTable {
  engine_id: string
  /** `local`, `airflow`. */
  kind: Generated<string>
  host: string
  pid: number | null
  started_date: string
  /** When it last said that it is alive. */
  lease_date: string
  ended_date: string | null
}

interface TaskAttemptTable {
  task_attempt_id: Generated<number>
  analysis_run_id: number
  run_attempt: number
  task: string
  attempt: number
  /** `running`, `completed`, `error`. */
  state: string
  started_date: string
  ended_date: string | null
  exit_code: number | null
  cause: string | null
}

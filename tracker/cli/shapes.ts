import type { Analysis, Run, TaskAttempt, Workflow } from '../model/records.ts'

// The shapes of `butler.tracker/1`: what `--json` prints. Keys are the columns' names; they are only ever added to.

export function workflowShape(workflow: Workflow) {
  return {
    workflow_id: workflow.id,
    workflow_name: workflow.name,
    workflow_version: workflow.version,
    created_date: workflow.created,
    last_updated_date: workflow.updated,
    config_id: workflow.configId,
    digest: workflow.digest,
  }
}

export function analysisShape(analysis: Analysis) {
  return {
    analysis_id: analysis.id,
    analysis_name: analysis.name,
    start_date: analysis.startDate,
    created_date: analysis.created,
    last_updated_date: analysis.updated,
    config_id: analysis.configId,
  }
}

export function runShape(run: Run) {
  return {
    analysis_run_id: run.id,
    run_status: run.status,
    analysis_id: run.analysis.id,
    analysis_name: run.analysis.name,
    workflow_id: run.workflow.id,
    workflow_name: run.workflow.name,
    workflow_version: run.workflow.version,
    source: run.source,
    attempt: run.attempt,
    created_date: run.created,
    last_updated_date: run.updated,
    run_start_date: run.started,
    run_end_date: run.ended,
    error:
      run.error === null
        ? null
        : { kind: run.error.kind, cause: run.error.cause, exit_code: run.error.exitCode ?? null },
    config_id: run.configId,
  }
}

export function attemptShape(attempt: TaskAttempt) {
  return {
    task: attempt.task,
    run_attempt: attempt.runAttempt,
    attempt: attempt.attempt,
    state: attempt.state,
    started_date: attempt.started,
    ended_date: attempt.ended,
    exit_code: attempt.exitCode,
    cause: attempt.cause,
  }
}

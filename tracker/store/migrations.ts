import type { ColumnTypes } from './database.ts'

/** One step of the schema, as statements. A step that has been released is never changed: the next one mends it. */
export type Migration = (types: ColumnTypes) => readonly string[]

/** In order; the number of a migration is its position, from 1. */
export const MIGRATIONS: readonly Migration[] = [
  ({ id, uuid, json, time, day }) => [
    `create table configuration (
      config_id ${uuid} primary key,
      config ${json} not null,
      created_date ${time} not null,
      last_updated_date ${time} not null
    )`,
    `create table workflow (
      workflow_id ${id},
      workflow_name varchar(255) not null,
      workflow_version varchar(255) not null,
      config_id ${uuid} not null references configuration (config_id),
      workflow_digest varchar(64) not null,
      created_date ${time} not null,
      last_updated_date ${time} not null,
      unique (workflow_name, workflow_version)
    )`,
    `create table analysis (
      analysis_id ${id},
      analysis_name varchar(255) not null unique,
      start_date ${day},
      config_id ${uuid} not null references configuration (config_id),
      created_date ${time} not null,
      last_updated_date ${time} not null
    )`,
    `create table engine (
      engine_id ${uuid} primary key,
      host text not null,
      pid integer,
      started_date ${time} not null,
      lease_date ${time} not null,
      ended_date ${time}
    )`,
    `create table analysis_run (
      analysis_run_id ${id},
      analysis_id integer not null references analysis (analysis_id),
      workflow_id integer not null references workflow (workflow_id),
      config_id ${uuid} not null references configuration (config_id),
      run_status integer not null check (run_status between 0 and 4),
      created_date ${time} not null,
      run_start_date ${time},
      run_end_date ${time},
      last_updated_date ${time} not null,
      run_error_code integer,
      run_error_kind varchar(32),
      run_error text,
      effective_config ${json} not null,
      workflow_digest varchar(64) not null,
      source text not null,
      attempt integer not null,
      engine_id ${uuid} references engine (engine_id),
      cancel_date ${time},
      cancel_by text
    )`,
    'create index analysis_run_by_analysis on analysis_run (analysis_id, run_status)',
    'create index analysis_run_by_workflow on analysis_run (workflow_id, run_status)',
    'create index analysis_run_by_engine on analysis_run (engine_id, run_status)',
    'create index analysis_run_by_configuration on analysis_run (config_id)',
    `create table task_attempt (
      task_attempt_id ${id},
      analysis_run_id integer not null references analysis_run (analysis_run_id),
      run_attempt integer not null,
      task text not null,
      attempt integer not null,
      state varchar(16) not null,
      started_date ${time} not null,
      ended_date ${time},
      exit_code integer,
      cause text,
      unique (analysis_run_id, run_attempt, task, attempt)
    )`,
  ],
  // An engine of Airflow stays when its process ends: runs are handed to it by what it is, not by whom it was started by.
  () => [`alter table engine add column kind varchar(16) not null default 'local'`],
]

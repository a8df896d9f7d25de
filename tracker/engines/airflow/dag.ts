import type { Run, Workflow } from '../../model/records.ts'

/** The digest of a workflow that has no folder: a DAG that somebody wrote by hand, with the workflow's name as its id. */
export const WRITTEN_BY_HAND = 'dag'

/** What the names of our runs begin with in Airflow. */
export const RUN_PREFIX = 'butler-run-'

/** The DAG of a workflow, by its id in Airflow. One that is made from a folder carries the workflow's id, which makes it unique. */
export function dagOf({ id, name, version, digest }: Pick<Workflow, 'id' | 'name' | 'version' | 'digest'>): string {
  return digest === WRITTEN_BY_HAND ? name : `${plain(name)}-${plain(version)}-${id}`
}

/** Whether Airflow takes it as the id of a DAG. */
export function isDagId(name: string): boolean {
  return name.length <= 250 && /^[\w.-]+$/u.test(name)
}

/**
 * The name of one attempt of a run in Airflow: asked for twice, it is still one. The engine's id is in it, since a tracker
 * whose database was made anew counts from 1 again, and Airflow still knows what was run before.
 */
export function dagRunOf({ id, attempt, engineId }: Pick<Run, 'id' | 'attempt' | 'engineId'>): string {
  return `${RUN_PREFIX}${id}-${attempt}-${(engineId ?? '').slice(0, 8)}`
}

function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_.-]/gu, '_').slice(0, 100)
}

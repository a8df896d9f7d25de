import { join } from 'node:path'

/** Where one attempt of a run has its files. Earlier attempts keep theirs. */
export interface RunFolders {
  /** The working directory of its tasks, shared by them. */
  work: string
  /** The effective configuration as a JSON file: `BUTLER_CONFIG`. */
  config: string
  /** All events and output lines, one JSON text a line. */
  log: string
}

export function runFolders(workdir: string, runId: number, attempt: number): RunFolders {
  const folder = join(workdir, `run-${runId}`, `attempt-${attempt}`)
  return { work: join(folder, 'work'), config: join(folder, 'config.json'), log: join(folder, 'log.jsonl') }
}

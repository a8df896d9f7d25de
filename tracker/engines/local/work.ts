import { userErrorsOf } from '../../../core/errors.ts'
import type { RunEvent } from '../../model/event.ts'
import type { LaunchedRun } from '../../model/records.ts'
import type { RunError } from '../../model/status.ts'
import { keptFolder } from '../../api/kept.ts'
import { type PreparedRun, prepareRun } from '../task/prepare.ts'
import { runGraph } from './graph.ts'
import { ENGINE_VARIABLE } from '../task/leftovers.ts'
import type { Slots } from './slots.ts'
import { runTask, type TaskOptions } from './task.ts'

export interface WorkOptions {
  run: LaunchedRun
  engineId: string
  slots: Slots
  workdir: string
  kept: string
  signal: AbortSignal
  log(event: RunEvent): void
  began: TaskOptions['began']
  ended: TaskOptions['ended']
}

/** Does all that one run is; gives what went wrong, or nothing when it completed. Its state is the caller's. */
export async function workOff(options: WorkOptions): Promise<RunError | undefined> {
  const { run } = options
  const prepared = await prepareRun(run, options.workdir, keptFolder(options.kept, run.workflow.digest)).catch(notReady)
  if ('cause' in prepared) return prepared
  const around = {
    cwd: prepared.cwd,
    env: environment(options.engineId, prepared),
    signal: options.signal,
    log: (event: RunEvent) => options.log(event),
  }
  const failures = await runGraph(
    prepared.tasks,
    (task) =>
      runTask(task, {
        slots: options.slots,
        around,
        began: (id, attempt) => options.began(id, attempt),
        ended: (id, attempt, end) => options.ended(id, attempt, end),
      }),
    (task, cause) => options.log({ type: 'task-skipped', task: task.id, cause }),
  )
  const [first] = failures
  if (first === undefined) return undefined
  const others = failures.length === 1 ? '' : ` (and ${failures.length - 1} more)`
  const exitCode = first.exitCode === undefined ? {} : { exitCode: first.exitCode }
  return { kind: first.kind, cause: `Task '${first.id}' failed: ${first.cause}${others}.`, ...exitCode }
}

function notReady(thrown: unknown): RunError {
  const errors = userErrorsOf(thrown)
  if (errors === undefined) throw thrown
  return { kind: 'not-started', cause: errors.map((error) => error.message).join(' ') }
}

/** What the tasks see: the surroundings in which the engine was started, and what this run is. */
function environment(engineId: string, { env }: PreparedRun): Readonly<Record<string, string | undefined>> {
  return {
    ...process.env,
    // The database is the tracker's own.
    PGPASSWORD: undefined,
    [ENGINE_VARIABLE]: engineId,
    ...env,
  }
}

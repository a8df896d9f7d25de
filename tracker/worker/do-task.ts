import { hostname } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import { runAttempt, type TaskEnd } from '../engines/task/attempt.ts'
import { ENGINE_VARIABLE, killLeftovers } from '../engines/task/leftovers.ts'
import { prepareRun } from '../engines/task/prepare.ts'
import type { WorkerConfig } from './config.ts'
import { Reporter } from './reporter.ts'
import { type RunTicket, TrackerClient } from './tracker-client.ts'
import { workflowCopy } from './workflow-copy.ts'

interface TaskToDo {
  ticket: RunTicket
  /** `call`, or `call[2]` for the third of its items. */
  task: string
  /** From 1. */
  attempt: number
}

/** Does one attempt of a task of a run for the tracker: runs its program here, and tells the tracker of all that happens. */
export async function doTask(
  config: WorkerConfig,
  { ticket, task, attempt }: TaskToDo,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<TaskEnd> {
  const client = new TrackerClient(config, ticket)
  try {
    const job = await client.job()
    const folder = await workflowCopy(client, config.workdir, job.workflow.digest)
    const { tasks, cwd, env } = await prepareRun(job, join(config.workdir, 'runs'), folder)
    const planned = tasks.find(({ id }) => id === task)
    if (planned === undefined)
      throw unknownTask(
        job.id,
        task,
        tasks.map(({ id }) => id),
      )
    // What an attempt that was killed has left running here must not work beside this one.
    const mark = `${config.tracker}/run-${job.id}/attempt-${job.attempt}/${task}`
    await killLeftovers(mark)
    const reporter = new Reporter({ client, task, attempt, leaseMs: job.leaseMs })
    const end = await runAttempt(planned, attempt, {
      cwd,
      env: { ...process.env, [ENGINE_VARIABLE]: mark, ...env },
      signal: AbortSignal.any([stop, reporter.stop]),
      host: hostname(),
      log: (event) => {
        reporter.add(event)
        if (event.type === 'output') say(event.text)
      },
    })
    await reporter.close()
    if (!reporter.stop.aborted) return end
    const { reason }: { reason: unknown } = reporter.stop
    throw new UserError('run-ended', `The task was ended: ${reason instanceof Error ? reason.message : String(reason)}`)
  } finally {
    client.close()
  }
}

function unknownTask(run: number, task: string, known: readonly string[]): UserError {
  return new UserError('unknown-task', `Analysis run ${run} has no task '${task}'.`, { hint: suggest(task, known) })
}

import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { formatTable } from '../../../core/cli/table.ts'
import type { Engine, LaunchedRun, TaskAttempt } from '../../model/records.ts'
import { JSON_SCHEMA, required, RUN_ID } from '../flags.ts'
import { requiredId } from '../given.ts'
import { attemptShape, runShape } from '../shapes.ts'

export const showRun: Command = {
  name: 'show-run',
  summary: 'Show one analysis run: its state, its tasks and where its files are',
  examples: ['butler show-run -r 1', 'butler show-run -r 1 --json'],
  options: [required(RUN_ID)],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { endStopped } = await import('../../api/sweep.ts')
    const { getRun } = await import('../../store/runs.ts')
    const { listAttempts } = await import('../../store/attempts.ts')
    const { findEngine } = await import('../../store/engines.ts')
    const { runFolders } = await import('../../engines/task/folders.ts')
    const id = requiredId(call, 'analysis_run_id')
    return withTracker(call, async (tracker) => {
      await endStopped(tracker)
      const run = await getRun(tracker.database.queries, id)
      const attempts = await listAttempts(tracker.database.queries, id)
      const engine = run.engineId === null ? undefined : await findEngine(tracker.database.queries, run.engineId)
      const { work, log } = runFolders(tracker.config.workdir, id, run.attempt)
      call.io.print(textOf(run, attempts, engine, work, log))
      call.io.data({
        schema: JSON_SCHEMA,
        ok: true,
        run: { ...runShape(run), effective_config: run.effective, folder: work, log, engine: engine ?? null },
        tasks: attempts.map(attemptShape),
      })
      return EXIT.ok
    })
  },
}

function textOf(
  run: LaunchedRun,
  attempts: readonly TaskAttempt[],
  engine: Engine | undefined,
  work: string,
  log: string,
): string {
  const facts = [
    ['analysis run', String(run.id)],
    ['status', run.status],
    ...(run.error === null ? [] : [['error', run.error.cause]]),
    ['analysis', `${run.analysis.name} (${run.analysis.id})`],
    ['workflow', `${run.workflow.name} ${run.workflow.version} (${run.workflow.id})`],
    ['launched from', run.source],
    ['attempt', String(run.attempt)],
    ['started', run.started ?? '-'],
    ['ended', run.ended ?? '-'],
    ['engine', engine === undefined ? '-' : `process ${engine.pid ?? '-'} on ${engine.host}`],
    ['folder', work],
    ['log', log],
    ['configuration', `butler print-effective-config -r ${run.id}`],
  ]
  const lines = facts.map(([name = '', value]) => `${`${name}:`.padEnd(15)} ${value}`)
  if (attempts.length === 0) return lines.join('\n')
  const rows = attempts.map((each) => [
    each.task,
    `${each.runAttempt}.${each.attempt}`,
    each.state,
    each.started,
    each.ended ?? '-',
    each.cause ?? '-',
  ])
  return [...lines, '', formatTable(['task', 'attempt', 'state', 'started', 'ended', 'cause'], rows)].join('\n')
}

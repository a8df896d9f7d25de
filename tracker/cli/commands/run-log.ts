import { type Command, flagOption } from '../../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import type { LoggedRunEvent } from '../../model/event.ts'
import { JSON_SCHEMA, required, RUN_ID } from '../flags.ts'
import { requiredId } from '../given.ts'

export const runLog: Command = {
  name: 'run-log',
  summary: 'Print what an analysis run did and what its programs wrote',
  details: 'With --follow it goes on until the run has ended, and fails when the run did.',
  examples: ['butler run-log -r 1', 'butler run-log -r 1 -f', 'butler run-log -r 1 --json'],
  options: [required(RUN_ID), { flags: '-f, --follow', summary: 'Wait for more until the run has ended' }],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { endStopped } = await import('../../api/sweep.ts')
    const { runFolders } = await import('../../engines/task/folders.ts')
    const { readLog } = await import('../../engines/log/read.ts')
    const { Narrator } = await import('../../model/narrate.ts')
    const { isFinal } = await import('../../model/status.ts')
    const { getRun } = await import('../../store/runs.ts')
    const id = requiredId(call, 'analysis_run_id')
    const follow = flagOption(call, 'follow')
    return withTracker(call, async (tracker): Promise<ExitCode> => {
      const { queries } = tracker.database
      await endStopped(tracker)
      const { attempt } = await getRun(queries, id)
      const goesOn = async (): Promise<boolean> => {
        if (!follow || call.io.interrupted.aborted) return false
        await endStopped(tracker)
        return !isFinal((await getRun(queries, id)).status)
      }
      const narrator = new Narrator()
      const events: LoggedRunEvent[] = []
      for await (const event of readLog(runFolders(tracker.config.workdir, id, attempt).log, goesOn)) {
        if (call.io.format === 'text') for (const line of narrator.lines(event)) call.io.print(line)
        else events.push(event)
      }
      const { status, error } = await getRun(queries, id)
      call.io.data({ schema: JSON_SCHEMA, ok: true, analysis_run_id: id, run_status: status, events })
      if (error?.kind === 'engine-stopped') call.io.note(`run ${id}: error: ${error.cause}`)
      else if (!isFinal(status)) call.io.note(`run ${id} is ${status}; 'butler run-log -r ${id} -f' follows it`)
      return follow && status === 'error' ? EXIT.failed : EXIT.ok
    })
  },
}

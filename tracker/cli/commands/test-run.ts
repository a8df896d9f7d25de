import { type Command, textOption } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { requiredText } from '../given.ts'

/** Long enough for the tracker to hear of it; what hears nothing is left to its lease. */
const CANCEL_MS = 10_000

export const testRun: Command = {
  name: 'test-run',
  summary: 'Run the test workflow to its end: does the way of a task, through engine and workers, work?',
  details:
    "Adds a run to the analysis 'test run' of the workflow 'test', which are made when they are not there. A run that has " +
    'not ended in time is cancelled, and the command fails.',
  examples: ['butler test-run', 'butler test-run --timeout 5m'],
  options: [
    {
      flags: '--examples <folder>',
      summary: 'Where the test workflow and its analysis are',
      default: '/opt/butler/examples',
    },
    { flags: '--timeout <duration>', summary: 'How long it may take, such as 30s', default: '1m' },
  ],
  async run(call) {
    const path = await import('node:path')
    const { parseDuration } = await import('../../../core/text/duration.ts')
    const { createAnalysis, createWorkflow } = await import('../../api/create.ts')
    const { launch } = await import('../../api/launch.ts')
    const { cancelRun } = await import('../../api/cancel.ts')
    const { withTracker } = await import('../../api/tracker.ts')
    const { begin, summarize } = await import('../watch.ts')
    const examples = requiredText(call, 'examples')
    const timeout = parseDuration(textOption(call, 'timeout') ?? '')
    return withTracker(call, async (tracker) => {
      const workflow = await createWorkflow(tracker, {
        name: 'test',
        version: '1.0',
        configFile: path.join(examples, 'workflow/test-workflow/test-workflow-config.json'),
        idFromFilename: false,
      })
      const analysis = await createAnalysis(tracker, {
        name: 'test run',
        startDate: undefined,
        configFile: path.join(examples, 'analyses/test-analysis/analysis.json'),
        idFromFilename: false,
      })
      const launched = await launch(tracker, {
        workflowId: workflow.id,
        analysisId: analysis.id,
        folder: path.join(examples, 'analyses/test-analysis/run-config'),
        idFromFilename: false,
      })
      const watched = await begin(tracker, launched)
      const late = AbortSignal.any([call.io.interrupted, AbortSignal.timeout(timeout)])
      if (await watched.watch(call.io, late)) return summarize(tracker, call.io, launched.runIds)
      watched.release()
      for (const id of launched.runIds) {
        await cancelRun(tracker, id, 'butler test-run', AbortSignal.timeout(CANCEL_MS))
        call.io.note(`Run ${id} had not ended in time, and was cancelled. What it did: butler run-log -r ${id}`)
      }
      return EXIT.failed
    })
  },
}

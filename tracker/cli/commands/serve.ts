import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'Hand runs to Airflow and hear their tasks (the unit butler-tracker does it)',
  details:
    "With 'engine: airflow' in tracker.yaml. Goes on until it is stopped; runs go on in Airflow meanwhile, and are found " +
    'again by the next start.',
  examples: ['butler serve', 'butler --config /etc/butler serve'],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { serve } = await import('../../serve/serve.ts')
    await withTracker(call, (tracker) => serve(tracker, call.io.interrupted, (line) => call.io.note(line)))
    return EXIT.ok
  },
}

import { type Command, textArgument } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import type { LoggedRunEvent } from '../../model/event.ts'

export const engine: Command = {
  name: 'engine',
  summary: 'Work off the runs of a launch (launch-workflow starts it by itself)',
  examples: [],
  arguments: [{ name: 'id', summary: 'The id of the engine, as it was entered by the launch' }],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { runEngine } = await import('../../engines/local/engine.ts')
    const { io } = call
    await withTracker(call, (tracker) => runEngine(tracker, textArgument(call, 'id'), io.interrupted, tell))
    return EXIT.ok
  },
}

/** How much may wait for a watcher that does not read, in bytes. */
const PATIENCE = 4 * 1024 * 1024

/** Tells the watcher. The log has everything, so a line of output may be left out for one that is too slow. */
function tell(event: LoggedRunEvent): void {
  if (event.event.type === 'output' && process.stdout.writableLength > PATIENCE) return
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

import { text } from 'node:stream/consumers'
import { type Command, textOption } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { layoutOf } from '../../../core/cli/layout.ts'
import { JSON_SCHEMA, required, RUN_ID } from '../flags.ts'
import { requiredId, requiredText } from '../given.ts'

export const taskRun: Command = {
  name: 'task run',
  summary: 'Do a task of an analysis run for the tracker (a worker of Airflow calls it)',
  details:
    "Its machine needs a worker.yaml, not a tracker.yaml. The run's token comes on standard input, where no list of " +
    'processes shows it. Exit code: 0 the program succeeded, 1 it failed, 2 the run has ended or the task is unknown, so ' +
    'that another attempt makes no sense.',
  examples: ['butler task run -r 7 --run-attempt 1 --task align --attempt 1 < token'],
  options: [
    required(RUN_ID),
    { flags: '--run-attempt <number>', summary: 'Which attempt of the run', required: true },
    {
      flags: '--task <name>',
      summary: 'The task, such as align, or align[2] for the third of its items',
      required: true,
    },
    { flags: '--attempt <number>', summary: 'Which attempt of the task', required: true },
  ],
  async run(call) {
    const { readWorkerConfig } = await import('../../worker/config.ts')
    const { doTask } = await import('../../worker/do-task.ts')
    const { parseId } = await import('../../model/ids.ts')
    const config = await readWorkerConfig(
      layoutOf({ root: textOption(call, 'root'), config: textOption(call, 'config') }),
    )
    const ticket = {
      id: requiredId(call, 'analysis_run_id'),
      attempt: parseId(requiredText(call, 'runAttempt'), 'an attempt'),
      token: (await text(process.stdin)).trim(),
    }
    const task = requiredText(call, 'task')
    const attempt = parseId(requiredText(call, 'attempt'), 'an attempt')
    const end = await doTask(config, { ticket, task, attempt }, call.io.interrupted, (line) => call.io.print(line))
    if (!end.ok) call.io.note(`Task '${task}' failed: ${end.cause}.`)
    call.io.data({ schema: JSON_SCHEMA, ok: end.ok, task, cause: end.ok ? null : end.cause })
    return end.ok ? EXIT.ok : EXIT.failed
  },
}

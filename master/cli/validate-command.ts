import { textArgument, textOption, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'

export const validateCommand: Command = {
  name: 'validate',
  summary: 'Check a deployed cluster: one line for each check',
  details:
    'Does the checks of an orchestration, which changes nothing: orchestrations/validate.yaml unless another one is ' +
    'named. What no minion is there for is shown as not deployed, and is no failure. Exit code 0: no check failed.',
  arguments: [{ name: '[name]', summary: 'Its name: orchestrations/validate.yaml is validate' }],
  options: [{ flags: '--junit <file>', summary: 'Write the checks as JUnit XML too, for CI' }],
  examples: ['butler-master validate', 'butler-master validate --junit report.xml', 'butler-master validate --json'],
  async run(call) {
    const [{ masterOf }, { watched }, { checksOf, formatChecks }, { writeJunit }] = await Promise.all([
      import('./master.ts'),
      import('./follow.ts'),
      import('./checks.ts'),
      import('./junit.ts'),
    ])
    const name = call.args['name'] === undefined ? 'validate' : textArgument(call, 'name')
    const api = masterOf(call)
    const { jid, targets, warnings } = await api.call('orchestrate', { name, test: false })
    for (const { text } of warnings) call.io.note(text)
    const report = await watched(api, jid, targets, call)
    if (report === undefined) return EXIT.failed
    const checks = checksOf(report)
    const junit = textOption(call, 'junit')
    if (junit !== undefined) await writeJunit(junit, name, checks)
    call.io.data({ ...report, checks })
    call.io.print(formatChecks(checks, call.io.color))
    return report.ok ? EXIT.ok : EXIT.failed
  },
}

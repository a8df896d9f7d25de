import { restArgument, textArgument, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Tell why a state of a minion would run or not: where it stands, what it hangs on, what a plan says of it',
  details: 'A state is named by its id or its name, or as `FUNCTION ID` when several have one id. Nothing is touched.',
  arguments: [
    { name: 'minion', summary: 'The minion’s id' },
    { name: 'id', summary: '/etc/motd, postgresql, "service.running postgresql"' },
    { name: '[states...]', summary: 'Names of state files; without them, those of all roles' },
  ],
  examples: [
    'butler-master explain db-server postgresql',
    'butler-master explain db-server "service.running postgresql"',
  ],
  run: explainThere,
}

async function explainThere(call: Call): Promise<ExitCode> {
  const [{ masterOf }, { watched, printReport }, { printExplanations, requireState }] = await Promise.all([
    import('./master.ts'),
    import('./follow.ts'),
    import('../../core/explain/print.ts'),
  ])
  const api = masterOf(call)
  const id = textArgument(call, 'minion')
  const states = [...restArgument(call, 'states')]
  const low = await api.call('show.lowstate', { id, states })
  requireState(low, call)
  const target = { kind: 'list' as const, expression: id }
  const { jid, targets } = await api.call('apply', { target, states, test: true, keepGoing: false })
  const report = await watched(api, jid, targets, call)
  if (report === undefined) return EXIT.failed
  const results = report.targets[id]?.results ?? []
  if (results.length === 0) return printReport(report, call)
  return printExplanations(low, results, call)
}

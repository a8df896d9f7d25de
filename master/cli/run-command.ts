import { restArgument, textArgument, type Command } from '../../core/cli/command.ts'
import { deadlinesOf, JOB_OPTIONS } from './deadlines.ts'
import { TARGET, targetOf } from './target.ts'

export const runCommand: Command = {
  name: 'run',
  summary: 'Call an execution function on minions',
  arguments: [
    TARGET,
    { name: 'function', summary: 'Its name: test.ping, service.restart, state.apply' },
    { name: '[words...]', summary: 'Its arguments: values, or name=value; name=secret:NAME passes a secret unseen' },
  ],
  targets: true,
  options: JOB_OPTIONS,
  examples: [
    "butler-master run '*' test.ping",
    'butler-master run db-server service.restart postgresql',
    "butler-master run -G roles:worker cmd.run 'df -h' --timeout 30s",
  ],
  async run(call) {
    const [{ masterOf }, { conclude }] = await Promise.all([import('./master.ts'), import('./follow.ts')])
    const api = masterOf(call)
    const submitted = await api.call('run', {
      target: targetOf(call),
      function: textArgument(call, 'function'),
      words: [...restArgument(call, 'words')],
      ...deadlinesOf(call),
    })
    return conclude(api, submitted, call)
  },
}

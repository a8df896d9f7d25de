import { planOf, state } from '../../core/module/state.ts'
import { runArgs, runPlan } from './run.ts'
import { COMMAND_IGNORES, COMMAND_REPORTS } from './command.ts'

export const wait = state({
  summary: 'Runs a command only when something that it watches has changed.',
  args: runArgs,
  reports: COMMAND_REPORTS,
  ignores: COMMAND_IGNORES,
  example: `
    date >> /var/log/dnsmasq-changes.log:
      cmd.wait:
        - watch:
          - file: /etc/dnsmasq.conf
    /etc/dnsmasq.conf:
      file.managed:
        - contents: no-hosts
  `,
  plan: () => planOf([], ''),
  watched: runPlan,
  onlyWatched: true,
})

import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state, type Plan } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import {
  commandArgs,
  commandDone,
  commandOptions,
  requireRunnable,
  type CommandWanted,
  COMMAND_IGNORES,
  COMMAND_REPORTS,
} from './command.ts'

export const runArgs = () => args({ name: text('The command line, for a shell.'), ...commandArgs })

/** Runs the command. Nobody can say what a command makes, so in a plan everything may exist after it. */
export async function* runPlan(view: View, want: CommandWanted & { name: string }): Plan {
  await requireRunnable(view, want)
  const running = change('cmd', want.name, ['anything'], async (host) =>
    commandDone(want.name, await host.shell(want.name, commandOptions(want)), want),
  )
  return yield* planOf([running], '')
}

export const run = state({
  summary: 'Runs a command, every time: add `unless`, `onlyif`, `creates` or `onchanges` to say when it is needed.',
  args: runArgs,
  reports: COMMAND_REPORTS,
  ignores: COMMAND_IGNORES,
  example: `
    pack-the-reference:
      cmd.run:
        - name: gzip --best genome.fa
        - cwd: /data/reference
        - creates: /data/reference/genome.fa.gz
  `,
  plan: runPlan,
  watched: runPlan,
})

import { MASTER_ROOT, MINIONS, minionHome, minionRoot } from './folder.ts'
import { type CommandLine, show } from './programs.ts'

/** An operator's command to the embedded master. */
export function master(...words: string[]): CommandLine {
  return { program: 'butler-master', words: ['--root', MASTER_ROOT, ...words] }
}

/** A command to the tracker, as the machine `tracker` is set up for it. */
export function tracker(...words: string[]): CommandLine {
  return { program: 'butler', words: ['--root', minionHome('tracker'), ...words] }
}

/** The analysis, with the commands and flags that every installation of Butler is tried with. */
export const ANALYSIS: readonly (readonly string[])[] = [
  ['create-workflow', '-n', 'test', '-v', '1.0', '-c', 'examples/workflow/test-workflow/test-workflow-config.json'],
  ['create-analysis', '-n', 'test', '-d', '01-01-2017', '-c', 'examples/analyses/test-analysis/analysis.json'],
  ['launch-workflow', '-w', '1', '-a', '1', '-c', 'examples/analyses/test-analysis/run-config/'],
]

export function whatNext(): string {
  const [firstMinion] = MINIONS
  const commands = [
    master('minions'),
    master('plan', '*'),
    master('run', '*', 'test.ping'),
    master('jobs', 'list'),
    { program: 'butler-call', words: ['--root', minionRoot(firstMinion), 'highstate', '-l', 'debug'] } as const,
    tracker('list-runs'),
    tracker('show-run', '-r', '1'),
  ]
  return [
    'To look around, with everything up (npm start -- --stay):',
    ...commands.map((line) => `  npx ${show(line)}`),
  ].join('\n')
}

import { flagOption, restArgument, type Call, type Command, type Option } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { STATE_OUTPUT } from '../../core/cli/state-output.ts'
import { UserError } from '../../core/errors.ts'
import { deadlinesOf, JOB_OPTIONS } from './deadlines.ts'
import { TARGET, targetOf } from './target.ts'

const OPTIONS: readonly Option[] = [
  ...JOB_OPTIONS,
  { flags: '--pillar <json>', summary: 'Pillar values over all others: JSON, or @FILE (JSON or YAML)' },
  { flags: '--keep-going', summary: 'Leave out minions that it does not compile for, instead of refusing all' },
  STATE_OUTPUT,
]

const TEST: Option = { flags: '--test', summary: 'Only say what would change, as `plan` does' }

const highstate: Command = {
  name: 'highstate',
  summary: 'Bring minions to all that their roles ask for',
  arguments: [TARGET],
  targets: true,
  options: [...OPTIONS, TEST],
  examples: ["butler-master highstate '*'", 'butler-master highstate -G roles:worker --test'],
  run: (call) => submit(call, [], flagOption(call, 'test')),
}

const apply: Command = {
  name: 'apply',
  summary: 'Apply these state files to minions',
  arguments: [TARGET, { name: 'states...', summary: 'Names of state files: postgres, tracker.database' }],
  targets: true,
  options: [...OPTIONS, TEST],
  examples: ['butler-master apply db-server postgres', "butler-master apply 'worker-*' dnsmasq consul --async"],
  run: (call) => submit(call, restArgument(call, 'states'), flagOption(call, 'test')),
}

const plan: Command = {
  name: 'plan',
  summary: 'Say what would change on minions, and touch nothing',
  arguments: [TARGET, { name: '[states...]', summary: 'Names of state files; without them, those of all roles' }],
  targets: true,
  options: [
    ...OPTIONS,
    { flags: '--exit-code', summary: 'End with 3 when something would change' },
    { flags: '--save', summary: 'Keep the plan, to be applied exactly as it is: see `plans apply`' },
  ],
  examples: [
    "butler-master plan '*'",
    'butler-master plan db-server postgres --exit-code',
    "butler-master plan '*' --save",
  ],
  run: (call) => submit(call, restArgument(call, 'states'), true),
}

export const applyCommands: readonly Command[] = [highstate, apply, plan]

async function submit(call: Call, states: readonly string[], test: boolean): Promise<ExitCode> {
  const [{ masterOf }, { pillarOf }, { conclude }] = await Promise.all([
    import('./master.ts'),
    import('./pillar.ts'),
    import('./follow.ts'),
  ])
  const save = flagOption(call, 'save')
  if (save && flagOption(call, 'async')) {
    throw new UserError(
      'bad-option',
      'A plan can only be saved when it has ended, and --async does not wait for that.',
      {
        hint: 'Leave out --async, or --save.',
      },
    )
  }
  const api = masterOf(call)
  const keepGoing = flagOption(call, 'keepGoing')
  const given = { ...(await pillarOf(call)), ...deadlinesOf(call) }
  const submitted = await api.call('apply', { target: targetOf(call), states: [...states], test, keepGoing, ...given })
  const ended = await conclude(api, submitted, call)
  if (!save || ended === EXIT.failed) return ended
  const { jid } = submitted
  await api.call('plans.save', {
    jid,
    states: [...states],
    ...(given.pillar === undefined ? {} : { pillar: given.pillar }),
  })
  call.io.note(`The plan is saved. To apply just this: butler-master plans apply ${jid}`)
  return ended
}

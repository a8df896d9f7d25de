import type { Call, Command, Option, Program } from '../../core/cli/command.ts'
import { flagOption, restArgument, textArgument } from '../../core/cli/command.ts'
import type { ExitCode } from '../../core/cli/exit.ts'
import { STATE_OUTPUT } from '../../core/cli/state-output.ts'
import { docs } from './docs.ts'
import { type CallRequest, requestOf, SHOWN, type Shown } from './request.ts'

const OPTIONS: readonly Option[] = [
  { flags: '--local', summary: 'Use the files of --file-root, and no master' },
  {
    flags: '--file-root <dir>',
    summary: 'With --local: a folder of state files, or one with states/, roles/ and so on. A later one wins',
    repeatable: true,
  },
  { flags: '--pillar <json>', summary: 'Pillar values over all others: JSON, or @FILE (JSON or YAML)' },
  { flags: '--grains <json>', summary: 'With --local: grains over those of this machine: JSON, or @FILE' },
  { flags: '--no-cache', summary: 'With --local: compile all states anew, whatever an earlier call has made of them' },
  { flags: '--test', summary: 'Only say what would change' },
  {
    flags: '-l, --log-level <level>',
    summary: 'How much to tell along the way; debug says for every state what happened and why',
    choices: ['debug', 'info', 'warning'],
    default: 'warning',
  },
  STATE_OUTPUT,
  { flags: '--config <dir>', summary: 'The configuration folder; /etc/butler' },
  { flags: '--root <dir>', summary: 'Where an agent keeps everything when it is not an installed one' },
]

const highstate: Command = {
  name: 'highstate',
  summary: 'Bring this machine to all that its roles ask for',
  examples: ['butler-call highstate -l debug', 'butler-call highstate --test'],
  run: (call) => carryOut({ kind: 'state', states: [], test: flagOption(call, 'test') }, call),
}

const apply: Command = {
  name: 'apply',
  summary: 'Apply these state files',
  arguments: [{ name: 'states...', summary: 'Names of state files: postgres, tracker.database' }],
  examples: ['butler-call apply postgres', 'butler-call --local --file-root ./states apply web --test'],
  run: (call) =>
    carryOut({ kind: 'state', states: restArgument(call, 'states'), test: flagOption(call, 'test') }, call),
}

const plan: Command = {
  name: 'plan',
  summary: 'Say what would change, and touch nothing',
  arguments: [{ name: '[states...]', summary: 'Names of state files; without them, those of all roles' }],
  options: [{ flags: '--exit-code', summary: 'End with 3 when something would change' }],
  examples: ['butler-call plan', 'butler-call plan postgres --exit-code'],
  run: (call) => carryOut({ kind: 'state', states: restArgument(call, 'states'), test: true }, call),
}

const EXAMPLES: Readonly<Record<Shown, string>> = {
  lowstate: 'butler-call show lowstate postgres',
  highstate: 'butler-call show highstate postgres',
  pillar: 'butler-call show pillar',
  top: 'butler-call show top',
}

const SUMMARIES: Readonly<Record<Shown, string>> = {
  lowstate: 'Print what would run, in the order of the run',
  highstate: 'Print the states with their arguments, by id',
  pillar: "Print this minion's pillar",
  top: 'Print which roles and state files this minion has',
}

const shows = SHOWN.map((what): Command => ({
  name: `show ${what}`,
  summary: SUMMARIES[what],
  arguments: [{ name: '[states...]', summary: 'Names of state files; without them, those of all roles' }],
  examples: [EXAMPLES[what]],
  run: (call) => carryOut({ kind: 'show', what, states: restArgument(call, 'states') }, call),
}))

const template: Command = {
  name: 'show template',
  summary: 'Print a file of the states as its templates make it for this machine',
  details: 'Secrets stand in it by their names. What a state gives by `context` is not known here.',
  arguments: [{ name: 'file', summary: 'web, web/init.yaml, butler://web/files/site.conf' }],
  examples: [
    'butler-call show template postgres',
    'butler-call --local --file-root ./states show template web/files/site.conf',
  ],
  run: (call) => carryOut({ kind: 'template', name: textArgument(call, 'file') }, call),
}

const explain: Command = {
  name: 'explain',
  summary: 'Tell why a state would run or not: where it stands, what it hangs on, and what a plan says of it',
  details: 'A state is named by its id or its name, or as `FUNCTION ID` when several have one id. Nothing is touched.',
  arguments: [
    { name: 'id', summary: '/etc/motd, postgresql, "service.running postgresql"' },
    { name: '[states...]', summary: 'Names of state files; without them, those of all roles' },
  ],
  examples: ['butler-call explain postgresql', 'butler-call --local --file-root ./states explain /etc/motd web'],
  run: (given) => carryOut({ kind: 'explain', states: restArgument(given, 'states') }, given),
}

const call: Command = {
  name: 'call',
  summary: 'Call an execution function',
  arguments: [
    { name: 'function', summary: 'Its name: test.ping, service.status' },
    { name: '[words...]', summary: 'Its arguments: values, or name=value' },
  ],
  examples: [
    'butler-call test.ping',
    'butler-call service.status postgresql',
    "butler-call cmd.run 'df -h' runas=daemon",
  ],
  run: async (given) => {
    const words = restArgument(given, 'words')
    const request = await requestOf(textArgument(given, 'function'), words, flagOption(given, 'test'))
    return carryOut(request, given)
  },
}

export const program: Program = {
  name: 'butler-call',
  summary: 'Butler on this machine: apply states, ask and do things, with a master or without.',
  options: OPTIONS,
  commands: [highstate, apply, plan, explain, ...shows, template, docs],
  otherwise: call,
}

/** Loads only the half that is needed: without a master, or through the agent of this machine. */
async function carryOut(request: CallRequest, given: Call): Promise<ExitCode> {
  if (flagOption(given, 'local')) {
    const { runLocal } = await import('./local/local.ts')
    return runLocal(request, given)
  }
  const { runConnected } = await import('./connected/connected.ts')
  return runConnected(request, given)
}

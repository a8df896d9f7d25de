import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, environment, flag, integers, path, seconds, text, texts } from '../../core/module/args.ts'
import { requireUser } from '../../core/module/accounts.ts'
import { ChangeFailed, type Done } from '../../core/module/change.ts'
import { isFolder } from '../../core/module/path.ts'
import type { CommandOptions, Output, View } from '../../core/module/view.ts'
import { statefulDone } from './stateful.ts'

/** The arguments that cmd.run, cmd.wait and cmd.script have in common. */
export const commandArgs = {
  cwd: path('The folder to run it in.').optional(),
  runas: text('The user to run it as.').optional(),
  env: environment('Environment variables, added to those that there are.').optional(),
  shell: path('The shell that reads the command line.').optional(),
  umask: text('The umask, in octal.').optional(),
  stdin: text('What it reads from its standard input.').optional(),
  timeout: seconds('How long it may take.').optional(),
  ignore_timeout: flag('Whether a command that took too long counts as a success.').default(false),
  stateful: flag('Its last line says whether it changed something: `changed=no comment=...`, or JSON.').default(false),
  success_retcodes: integers('Exit codes besides 0 that count as success.').default([]),
  success_stdout: texts('Texts that count as success when its output holds one.').default([]),
  success_stderr: texts('Texts that count as success when its errors hold one.').default([]),
  hide_output: flag('Leaves its output out of the result.').default(false),
  prepend_path: text('Folders that are looked through before those of `PATH`, with colons between.').optional(),
}

export const COMMAND_IGNORES = {
  use_vt: 'a command has no terminal',
  output_loglevel: 'output is in the result, and `hide_output` leaves it out',
}

export const COMMAND_REPORTS = {
  pid: 'Which process it was.',
  retcode: 'Its exit code.',
  stdout: 'What it printed.',
  stderr: 'The errors that it printed.',
  cmd: 'In a plan: what would be run.',
  '<word>': 'What a stateful command says besides.',
}

const shape = () => args(commandArgs)

export type CommandWanted = ArgsOf<typeof shape>

/** Throws when the command can't be started at all: no such folder, no such user. */
export async function requireRunnable(view: View, want: CommandWanted): Promise<void> {
  if (want.runas !== undefined) await requireUser(view, want.runas)
  if (want.cwd === undefined || (await isFolder(view, want.cwd))) return
  view.missing({ kind: 'path', name: want.cwd })
  throw new UserError('no-folder', `Desired working directory "${want.cwd}" is not available`, {
    hint: 'Make it with file.directory, and require that state here.',
  })
}

export function commandOptions(want: CommandWanted): CommandOptions {
  return {
    cwd: want.cwd,
    env: want.env,
    prependPath: want.prepend_path,
    runas: want.runas,
    shell: want.shell,
    umask: want.umask,
    input: want.stdin,
    timeoutMs: want.timeout === undefined ? undefined : want.timeout * 1000,
  }
}

/** What a command that has ended means for its state. Throws a `ChangeFailed` when it failed. */
export function commandDone(name: string, output: Output, want: CommandWanted): Done {
  const shown = (text: string): string => (want.hide_output ? '' : text.trimEnd())
  const changes = {
    pid: output.pid ?? null,
    retcode: output.exitCode,
    stdout: shown(output.stdout),
    stderr: shown(output.stderr),
  }
  if (output.timedOut && !want.ignore_timeout) {
    throw new ChangeFailed(`Command "${name}" took longer than ${want.timeout} seconds and was ended`, { changes })
  }
  if (!isSuccess(output, want)) {
    throw new ChangeFailed(`Command "${name}" run: it ended with exit code ${output.exitCode}`, { changes })
  }
  return want.stateful ? statefulDone(output.stdout, changes) : { changes, comment: `Command "${name}" run` }
}

function isSuccess(output: Output, want: CommandWanted): boolean {
  return (
    output.exitCode === 0 ||
    output.timedOut === true ||
    want.success_retcodes.includes(output.exitCode) ||
    want.success_stdout.some((text) => output.stdout.includes(text)) ||
    want.success_stderr.some((text) => output.stderr.includes(text))
  )
}

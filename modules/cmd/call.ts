import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, environment, flag, path, seconds, text } from '../../core/module/args.ts'
import type { Host } from '../../core/module/host.ts'
import type { Output } from '../../core/module/view.ts'

// What the execution functions of this subject share. The states have more arguments, since they decide more.

export const callArgs = () =>
  args({
    cmd: text('The command line, for a shell.'),
    cwd: path('The folder to run it in.').optional(),
    runas: text('The user to run it as.').optional(),
    timeout: seconds('How long it may take.').optional(),
    env: environment('Environment variables, added to those that there are.').optional(),
    shell: path('The shell that reads the command line.').optional(),
    umask: text('The umask, in octal.').optional(),
    stdin: text('What it reads from its standard input.').optional(),
    ignore_retcode: flag('Whether an exit code other than 0 is no failure.').default(false),
  })

type Call = ArgsOf<typeof callArgs>

/** Runs the command. Throws when it took too long. */
export async function callCommand(host: Host, call: Call): Promise<Output> {
  const { cwd, runas, env, shell, umask, stdin: input } = call
  const timeoutMs = call.timeout === undefined ? undefined : call.timeout * 1000
  const output = await host.shell(call.cmd, { cwd, runas, env, shell, umask, input, timeoutMs })
  if (!output.timedOut) return output
  throw new UserError('timed-out', `'${call.cmd}' took longer than ${call.timeout} seconds and was ended.`)
}

/** Throws when the command failed, with its last words. */
export function requireSuccess(call: Call, { exitCode, stdout, stderr }: Output): void {
  if (exitCode === 0 || call.ignore_retcode) return
  const said = [stdout, stderr].map((text) => text.trimEnd()).filter((text) => text !== '')
  throw new UserError('command-failed', [`'${call.cmd}' ended with exit code ${exitCode}.`, ...said].join('\n'))
}

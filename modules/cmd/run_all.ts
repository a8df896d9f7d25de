import { fn } from '../../core/module/fn.ts'
import { callArgs, callCommand } from './call.ts'

export const runAll = fn({
  summary: 'Runs a command and answers its pid, exit code, output and errors, whatever its exit code.',
  args: callArgs,
  example: "cmd.run_all 'ls /nowhere'",
  changes: true,
  async run(host, call) {
    const { pid, exitCode, stdout, stderr } = await callCommand(host, call)
    return { pid: pid ?? null, retcode: exitCode, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() }
  },
})

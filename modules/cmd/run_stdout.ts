import { fn } from '../../core/module/fn.ts'
import { callArgs, callCommand, requireSuccess } from './call.ts'

export const runStdout = fn({
  summary: 'Runs a command and answers its output without its errors. It fails when the command fails.',
  args: callArgs,
  example: "cmd.run_stdout 'hostname'",
  changes: true,
  async run(host, call) {
    const output = await callCommand(host, call)
    requireSuccess(call, output)
    return output.stdout.trimEnd()
  },
})

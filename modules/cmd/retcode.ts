import { fn } from '../../core/module/fn.ts'
import { callArgs, callCommand } from './call.ts'

export const retcode = fn({
  summary: 'Runs a command and answers its exit code.',
  args: callArgs,
  example: "cmd.retcode 'test -e /etc/butler'",
  changes: true,
  run: async (host, call) => (await callCommand(host, call)).exitCode,
})

import { fn } from '../../core/module/fn.ts'
import { callArgs, callCommand, requireSuccess } from './call.ts'

export const runFunction = fn({
  summary: 'Runs a command and answers what it wrote. It fails when the command fails.',
  args: callArgs,
  example: "cmd.run 'uptime' cwd=/tmp",
  changes: true,
  async run(host, call) {
    const output = await callCommand(host, call)
    requireSuccess(call, output)
    return [output.stdout, output.stderr]
      .map((text) => text.trimEnd())
      .filter((text) => text !== '')
      .join('\n')
  },
})

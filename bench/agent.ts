import { join } from 'node:path'
import { nodeRuntime } from '../packaging/node-runtime.ts'
import { stageAgent } from '../packaging/stage.ts'

/** Lays out an agent as a minion has it, bundled and with its own Node; gives its `butler-call`. */
export async function stagedCall(folder: string): Promise<string> {
  const node = await nodeRuntime('x64')
  if (node === undefined) throw new Error('There is no Node for linux-x64.')
  await stageAgent(join(folder, 'agent'), { version: 'bench', architecture: 'x64', node })
  return join(folder, 'agent/bin/butler-call')
}

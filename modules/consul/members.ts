import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { askAgent } from './agent.ts'

/** Serf's numbers for how a member is. */
const STATUS = ['none', 'alive', 'leaving', 'left', 'failed']

export const members = fn({
  summary: 'All members of the Consul cluster that the agent of this machine knows: name -> address, status, server.',
  args: () => args({}),
  example: 'consul.members',
  changes: false,
  async run(view) {
    return parseMembers(await askAgent(view, '/v1/agent/members'))
  },
})

/** Name -> address, status (`alive`, `leaving`, `left`, `failed`), and whether it is one of the servers. */
export function parseMembers(answer: unknown): DataMap {
  const all = Array.isArray(answer) ? answer.filter(isMap) : []
  return Object.fromEntries(
    all.map(({ Name, Addr, Status, Tags }) => [
      typeof Name === 'string' ? Name : '',
      {
        address: typeof Addr === 'string' ? Addr : '',
        status: STATUS[Number(Status)] ?? 'unknown',
        server: isMap(Tags) && Tags['role'] === 'consul',
      },
    ]),
  )
}

import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { askAgent } from './agent.ts'

export const health = fn({
  summary: 'How the checks of a service are, on each machine that has it: machine -> check -> status and what it said.',
  args: () => args({ service: text('The name of the service: `postgresql`.') }),
  example: 'consul.health postgresql',
  changes: false,
  async run(view, { service }) {
    return parseHealth(await askAgent(view, `/v1/health/service/${encodeURIComponent(service)}`))
  },
})

/** By machine and check; the machine's own check, that its agent is heard of, is one of them. */
export function parseHealth(answer: unknown): DataMap {
  const entries = Array.isArray(answer) ? answer.filter(isMap) : []
  return Object.fromEntries(
    entries.map(({ Node, Checks }) => [
      isMap(Node) && typeof Node['Node'] === 'string' ? Node['Node'] : '',
      Object.fromEntries(
        (Array.isArray(Checks) ? Checks.filter(isMap) : []).map(({ Name, Status, Output }) => [
          typeof Name === 'string' ? Name : '',
          { status: typeof Status === 'string' ? Status : '', output: typeof Output === 'string' ? Output.trim() : '' },
        ]),
      ),
    ]),
  )
}

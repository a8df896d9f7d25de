import type { Data } from '../../core/data.ts'
import type { View } from '../../core/module/view.ts'
import { definitions, rowsIn, textIn } from './rabbitmqctl.ts'
import { vhostsOf } from './vhosts.ts'

export interface Policy {
  readonly pattern: string
  readonly applyTo: string
  readonly priority: number
  readonly definition: Data
}

/** The policies of a virtual host, by name; `undefined` when there is no such virtual host. */
export async function policiesOf(view: View, vhost: string): Promise<ReadonlyMap<string, Policy> | undefined> {
  if (!(await vhostsOf(view)).includes(vhost)) return undefined
  const rows = rowsIn(await definitions(view), 'policies').filter((row) => textIn(row, 'vhost') === vhost)
  return new Map(
    rows.map((row) => [
      textIn(row, 'name'),
      {
        pattern: textIn(row, 'pattern'),
        applyTo: textIn(row, 'apply-to'),
        priority: Number(row['priority']),
        // As text of JSON in some versions, as the map itself in others.
        definition: typeof row['definition'] === 'string' ? JSON.parse(row['definition']) : (row['definition'] ?? {}),
      },
    ]),
  )
}

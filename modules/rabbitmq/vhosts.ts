import type { View } from '../../core/module/view.ts'
import { definitions, rowsIn, textIn } from './rabbitmqctl.ts'

/** The names of the broker's virtual hosts, sorted. */
export async function vhostsOf(view: View): Promise<string[]> {
  return rowsIn(await definitions(view), 'vhosts')
    .map((row) => textIn(row, 'name'))
    .toSorted()
}

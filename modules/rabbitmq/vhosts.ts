import type { View } from '../../core/module/view.ts'
import { ask, textIn } from './rabbitmqctl.ts'

/** The names of the broker's virtual hosts, sorted. */
export async function vhostsOf(view: View): Promise<string[]> {
  return (await ask(view, ['list_vhosts'])).map((row) => textIn(row, 'name')).toSorted()
}

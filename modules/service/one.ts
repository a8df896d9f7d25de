import { args, text } from '../../core/module/args.ts'
import type { Host } from '../../core/module/host.ts'
import { actToRun } from './act.ts'
import { requireUnit } from './unit.ts'

// What the functions about one service share. Each fails with the service's last words.

export const one = () => args({ name: text('The service; `.service` is understood.') })

/** Does something with a unit that must exist, and must run afterwards. */
export async function doing(host: Host, name: string, verb: 'start' | 'restart' | 'reload'): Promise<boolean> {
  const unit = await requireUnit(host, name)
  await actToRun(host, verb, unit.name)
  return true
}

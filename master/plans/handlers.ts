import type { Handlers } from '../api/contract.ts'
import type { SavedPlans } from './plans.ts'

export type PlanHandlers = Pick<Handlers, 'plans.save' | 'plans.list' | 'plans.open' | 'plans.delete'>

/** Plans that are applied later, or not at all. */
export function planHandlers(plans: SavedPlans): PlanHandlers {
  return {
    'plans.save': ({ jid, ...input }, { name: by }) => plans.save(jid, input, by),
    'plans.list': () => plans.list(),
    'plans.open': ({ jid }) => plans.open(jid),
    'plans.delete': async ({ jid }) => {
      await plans.delete(jid)
      return {}
    },
  }
}

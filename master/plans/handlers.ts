import type { ApplyInput, Caller, Handlers, Submitted } from '../api/contract.ts'
import type { PlanInput, SavedPlans } from './plans.ts'

export type PlanHandlers = Pick<Handlers, 'plans.save' | 'plans.list' | 'plans.again' | 'plans.apply' | 'plans.delete'>

type Apply = (input: ApplyInput, caller: Caller) => Promise<Submitted>

/** Plans that are applied later, or not at all. */
export function planHandlers(plans: SavedPlans, apply: Apply): PlanHandlers {
  return {
    'plans.save': ({ jid, ...input }, { name: by }) => plans.save(jid, input, by),
    'plans.list': () => plans.list(),
    'plans.again': async ({ jid, ...deadlines }, caller) =>
      apply({ ...applying(await plans.open(jid)), ...deadlines, test: true }, caller),
    'plans.apply': async ({ jid, again, ...deadlines }, caller) =>
      apply({ ...applying(await plans.openAs(jid, again)), ...deadlines, test: false }, caller),
    'plans.delete': async ({ jid }) => {
      await plans.delete(jid)
      return {}
    },
  }
}

function applying({ targets, ...rest }: PlanInput): Omit<ApplyInput, 'test'> {
  return { target: { kind: 'list', expression: targets.join(',') }, keepGoing: false, ...rest }
}

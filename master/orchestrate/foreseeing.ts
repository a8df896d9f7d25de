import { change, ChangeFailed } from '../../core/module/change.ts'
import type { Plan } from '../../core/module/state.ts'
import { shortList } from '../desired/work.ts'
import { notDeployed, notThere } from './asking.ts'
import type { Steps } from './catalog.ts'
import { type FleetWork } from './fleet-work.ts'
import { causesOf, tallyOf, tallyText } from './tally.ts'

/** The steps as `orchestrate --test` looks at them: minions only plan, and functions that change anything are not called. */
export function foreseeingSteps(work: FleetWork): Steps {
  return {
    async *apply(step): Plan {
      const ids = work.match(step)
      if (ids.length === 0) return 'The target means no minion, and none is expected.'
      const report = await work.perform(await work.applyOrder(step, ids, true), () => {})
      const tally = tallyOf(report)
      if (tally.failed.length > step.allowFail) {
        throw new ChangeFailed([tallyText(tally), ...causesOf(report, tally.failed)].join('\n'))
      }
      for (const [id, shows] of Object.entries(tally.changes)) yield change(id, shows, ['anything'], never)
      return tallyText(tally)
    },
    async *call(step): Plan {
      const ids = work.match(step)
      const call = work.callOf(step)
      if (call.definition.changes === true) yield change(call.name, shortList(ids), ['anything'], never)
      return `Would call ${call.name}: ${shortList(ids)}`
    },
    async *wait(step): Plan {
      const ids = work.match(step)
      if (ids.length === 0) return 'The target means no minion, and none is expected.'
      const call = work.callOf(step)
      if (call.definition.changes === true) return `Would wait until ${step.what}: ${shortList(ids)}`
      const open = await notThere(work, step, call, ids)
      for (const [id, said] of open) yield change(id, `${step.what}: ${said}`, [], never)
      return open.size === 0 ? `${step.what}: ${shortList(ids)}` : `Would wait until ${step.what}`
    },
    async *check(step): Plan {
      const ids = work.match(step)
      if (ids.length === 0) return notDeployed(step)
      const call = work.callOf(step)
      if (call.definition.changes === true) return `Would ask whether ${step.what}: ${shortList(ids)}`
      for (const [id, said] of await notThere(work, step, call, ids))
        yield change(id, `${step.what}: ${said}`, [], never)
      return `${step.what}: ${shortList(ids)}`
    },
  }
}

async function never(): Promise<never> {
  throw new Error('A plan changes nothing.')
}

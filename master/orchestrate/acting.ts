import type { DataMap } from '../../core/data.ts'
import { change, ChangeFailed, type Done } from '../../core/module/change.ts'
import type { Plan } from '../../core/module/state.ts'
import type { FunctionCall } from '../desired/call.ts'
import { shortList } from '../desired/work.ts'
import type { ApplyStep, CallStep } from './arguments.ts'
import { checked, notDeployed, waited } from './asking.ts'
import type { Steps } from './catalog.ts'
import { brief } from './brief.ts'
import type { FleetWork } from './fleet-work.ts'
import { causesOf, tallyOf, tallyText } from './tally.ts'

const NOBODY = 'The target means no minion, and none is expected.'

/** The steps as `orchestrate` does them: each is one change to the fleet. */
export function actingSteps(work: FleetWork): Steps {
  return {
    async *apply(step): Plan {
      const ids = work.match(step)
      if (ids.length === 0) return NOBODY
      yield change('minions', shortList(ids), ['anything'], () => applied(work, step, ids))
      return undefined
    },
    async *call(step): Plan {
      const ids = work.match(step)
      if (ids.length === 0) return NOBODY
      const call = work.callOf(step)
      yield change(call.name, shortList(ids), ['anything'], () => called(work, step, call, ids))
      return undefined
    },
    async *wait(step): Plan {
      const ids = work.match(step)
      if (ids.length === 0) return NOBODY
      const call = work.callOf(step)
      yield change(step.what, shortList(ids), [], () => waited(work, step, call, ids))
      return undefined
    },
    async *check(step): Plan {
      const ids = work.match(step)
      if (ids.length === 0) return notDeployed(step)
      const call = work.callOf(step)
      yield change(step.what, shortList(ids), [], () => checked(work, step, call, ids))
      return undefined
    },
  }
}

async function applied(work: FleetWork, step: ApplyStep, ids: readonly string[]): Promise<Done> {
  const order = await work.applyOrder(step, ids, step.test)
  const report = await work.perform(order, (id, outcome, cause) => noteEnd(work, step.id, id, outcome, cause))
  const tally = tallyOf(report)
  const { changes, failed } = tally
  if (failed.length > step.allowFail) {
    throw new ChangeFailed([tallyText(tally), ...causesOf(report, failed)].join('\n'), { changes })
  }
  return { changes, comment: tallyText(tally), ...(Object.keys(changes).length === 0 ? { unchanged: true } : {}) }
}

async function called(work: FleetWork, step: CallStep, call: FunctionCall, ids: readonly string[]): Promise<Done> {
  if (call.definition.changes === 'asks') return updatedMine(work, step, ids)
  const report = await work.perform(work.callOrder(call, ids, step.timeout), () => {})
  const answers: DataMap = Object.fromEntries(ids.map((id) => [id, report.targets[id]?.return ?? null]))
  const failed = ids.filter((id) => report.targets[id]?.outcome !== 'succeeded')
  const saidNo = ids.filter((id) => answers[id] === false && !failed.includes(id))
  const changes = call.definition.changes ? answers : {}
  if (failed.length + saidNo.length > step.allowFail) {
    const lines = [...causesOf(report, failed), ...saidNo.map((id) => `${id} answered false`)]
    throw new ChangeFailed(lines.join('\n'), { changes })
  }
  const comment = answersText(call.name, answers)
  return call.definition.changes ? { changes, comment } : { comment, unchanged: true }
}

/** What all say alike is said once. */
function answersText(name: string, answers: DataMap): string {
  const byAnswer = new Map<string, string[]>()
  for (const [id, answer] of Object.entries(answers)) {
    const text = brief(answer)
    byAnswer.set(text, [...(byAnswer.get(text) ?? []), id])
  }
  return [...byAnswer].map(([text, ids]) => `${name}: ${shortList(ids)}: ${text}`).join('\n')
}

async function updatedMine(work: FleetWork, step: CallStep, ids: readonly string[]): Promise<Done> {
  const failed = Object.entries(await work.mineUpdate(ids))
  if (failed.length > step.allowFail) {
    throw new ChangeFailed(failed.map(([id, cause]) => `${id}: ${cause}`).join('\n'))
  }
  return { comment: `mine.update: ${shortList(ids)}`, unchanged: true }
}

function noteEnd(work: FleetWork, step: string, id: string, outcome: string, cause: string): void {
  work.note(`${step}: ${id} ${outcome}${cause === '' ? '' : `: ${cause}`}`)
}

import { ChangeFailed, type Done } from '../../core/module/change.ts'
import { formatDuration } from '../../core/text/duration.ts'
import { NOT_DEPLOYED } from '../api/contract.ts'
import type { FunctionCall } from '../desired/call.ts'
import { shortList } from '../desired/work.ts'
import type { CheckStep, WaitStep } from './arguments.ts'
import type { FleetWork } from './fleet-work.ts'

/** A look that hangs must not outlast the wait itself. */
const LOOK_MS = 30_000

/** Asks until the answer of each is as wanted. */
export async function waited(
  work: FleetWork,
  step: WaitStep,
  call: FunctionCall,
  ids: readonly string[],
): Promise<Done> {
  const begin = performance.now()
  let open = await notThere(work, step, call, ids)
  while (open.size > 0) {
    const left = step.timeout - (performance.now() - begin)
    if (left <= 0) {
      throw new ChangeFailed([`Not within ${formatDuration(step.timeout)}: ${step.what}`, ...linesOf(open)].join('\n'))
    }
    await work.sleep(Math.min(step.interval, left))
    open = await notThere(work, step, call, [...open.keys()])
  }
  return {
    comment: `${step.what}: ${shortList(ids)}, after ${formatDuration(performance.now() - begin)}`,
    unchanged: true,
  }
}

/** Asks once. */
export async function checked(
  work: FleetWork,
  step: CheckStep,
  call: FunctionCall,
  ids: readonly string[],
): Promise<Done> {
  const open = await notThere(work, step, call, ids)
  if (open.size > 0) throw new ChangeFailed(linesOf(open).join('\n'))
  return { comment: `${step.what}: ${shortList(ids)}`, unchanged: true }
}

/** What a check says that has nobody to ask. */
export function notDeployed({ target }: CheckStep): string {
  return `${NOT_DEPLOYED}: no minion is ${target.expression}`
}

/** Those where it is not so (yet), and why. */
export async function notThere(
  work: FleetWork,
  step: WaitStep | CheckStep,
  call: FunctionCall,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const deliveryMs = Math.min(step.timeout, LOOK_MS)
  const report = await work.perform({ ...work.callOrder(call, ids, runLimit(step)), deliveryMs }, () => {})
  const open = ids.flatMap((id): [string, string][] => {
    const target = report.targets[id]
    const why =
      target?.outcome === 'succeeded'
        ? step.judge(target.return ?? null)
        : `${target?.outcome ?? 'not ended'}: ${target?.cause ?? 'no answer'}`
    return why === undefined ? [] : [[id, why]]
  })
  return new Map(open)
}

/** A look of a wait is short, since there are more to come; a check has only one. */
function runLimit(step: WaitStep | CheckStep): number {
  return 'interval' in step ? Math.min(step.timeout, LOOK_MS) : step.timeout
}

function linesOf(open: ReadonlyMap<string, string>): string[] {
  return [...open].map(([id, why]) => `${id} ${why}`)
}

import type { Requisite, RequisiteKind } from '../compile/low.ts'
import type { SkippedBy } from './result.ts'

/** What requisites look at: how a chunk ended, or in a plan how it would. */
export interface Ended {
  result: boolean | null
  /** It changed something, or would. */
  changed: boolean
  /** Requisites kept it from running. Then it is no success that a `require_any` could count on. */
  passedOver?: boolean
}

/** Whether a chunk may run, by the chunks that it refers to. */
export type Verdict =
  | {
      runs: true
      /** The watched chunks that changed: the chunk acts on them when it changes nothing itself. */
      fired: number[]
      /** It only runs if a chunk fails that, in this plan, would change: nobody can know. */
      unsure: boolean
      why: string[]
    }
  | { runs: false; by: SkippedBy; result: boolean; comment: string; why: string[] }

/** One finding about all targets of one kind. */
type Finding = 'go' | 'fired' | 'unsure' | 'blocked' | 'no-failure' | 'no-change' | 'changed'

/** The truth table of the requisites, `prereq` and `listen` excepted: these look ahead, or come at the end. */
const FINDINGS: Readonly<Record<RequisiteKind, (targets: readonly Ended[]) => Finding>> = {
  require: (targets) => (targets.some(failed) ? 'blocked' : 'go'),
  require_any: (targets) => (noneSucceeded(targets) ? 'blocked' : 'go'),
  watch: (targets) => (targets.some(failed) ? 'blocked' : targets.some(changedWell) ? 'fired' : 'go'),
  watch_any: (targets) => (noneSucceeded(targets) ? 'blocked' : targets.some(changedWell) ? 'fired' : 'go'),
  onchanges: (targets) => (targets.some(changedWell) ? 'changed' : 'no-change'),
  onchanges_any: (targets) => (targets.some(changedWell) ? 'changed' : 'no-change'),
  onfail: anyFailed,
  onfail_any: anyFailed,
  onfail_all: (targets) => (targets.every(failed) ? 'go' : targets.every(mayFail) ? 'unsure' : 'no-failure'),
  prereq: () => 'go',
  listen: () => 'go',
}

/**
 * Puts the findings of all kinds together. A failed `require` beats everything; after it an unmet `onfail`, then an
 * unmet `onchanges`.
 *
 * @param endOf how a chunk ended; `undefined` for one that did not run, which then plays no part
 * @param nameOf what people call it: `sls.id`
 */
export function verdictOf(
  requisites: readonly Requisite[],
  endOf: (position: number) => Ended | undefined,
  nameOf: (position: number) => string,
): Verdict {
  const found = new Set<Finding>()
  const fired: number[] = []
  const blocking: number[] = []
  const why: string[] = []
  for (const { kind, targets } of requisites) {
    const ends = targets.flatMap((position) => endOf(position) ?? [])
    if (kind === 'listen' || kind === 'prereq' || ends.length === 0) continue
    const finding = FINDINGS[kind](ends)
    found.add(finding)
    why.push(`${kind} ${targets.map((position) => `${nameOf(position)} ${inWords(endOf(position))}`).join(', ')}`)
    if (finding === 'blocked') blocking.push(...targets.filter((position) => endOf(position)?.result === false))
    if (finding === 'fired') fired.push(...targets.filter((position) => changedWell(endOf(position))))
  }
  if (found.has('blocked')) {
    const names = [...new Set(blocking)].map(nameOf).join(', ')
    return { runs: false, by: 'requisite', result: false, comment: `One or more requisite failed: ${names}`, why }
  }
  // As in Salt, a watch that fires beside an onchanges that is met outweighs an onfail that is not.
  if (found.has('no-failure') && !(found.has('changed') && found.has('fired'))) {
    const comment = 'State was not run because onfail req did not change'
    return { runs: false, by: 'onfail', result: true, comment, why }
  }
  if (found.has('no-change') && !found.has('changed')) {
    const comment = 'State was not run because none of the onchanges reqs changed'
    return { runs: false, by: 'onchanges', result: true, comment, why }
  }
  return { runs: true, fired, unsure: found.has('unsure'), why }
}

/** As in Salt, one that was kept from running has failed only as long as no other one did well. */
function anyFailed(targets: readonly Ended[]): Finding {
  if (targets.some((target) => failed(target) && !target.passedOver)) return 'go'
  if (targets.some((target) => target.result === null)) return 'unsure'
  return targets.some((target) => target.result) ? 'no-failure' : 'go'
}

function failed(target: Ended): boolean {
  return target.result === false
}

function noneSucceeded(targets: readonly Ended[]): boolean {
  return targets.some(failed) && !targets.some((target) => !failed(target) && !target.passedOver)
}

/** In a plan: what would change may fail, and what would not can't. */
function mayFail(target: Ended): boolean {
  return target.result !== true
}

function changedWell(target: Ended | undefined): boolean {
  return target !== undefined && target.changed && target.result !== false
}

function inWords(end: Ended | undefined): string {
  if (end === undefined) return 'was not run'
  if (end.result === null) return 'would change'
  if (!end.result) return 'failed'
  return end.changed ? 'changed' : 'succeeded without changes'
}

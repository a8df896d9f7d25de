import { setTimeout as sleep } from 'node:timers/promises'
import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { nameWords } from '../../core/compile/arguments.ts'
import { mergeData } from '../../core/compile/merge.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { RunReport } from '../../core/run/result.ts'
import { callWorks, findFunction, type FunctionCall } from '../desired/call.ts'
import type { RunDeps } from '../desired/run.ts'
import { compileErrors, prepare, titleOf } from '../desired/work.ts'
import { orchestratedBy, type JobOrder } from '../jobs/jobs.ts'
import type { ApplyStep, CallStep } from './arguments.ts'
import type { Condition } from './condition.ts'

/** One orchestration under way. */
export interface Course {
  jid: string
  /** All steps are compiled from it, whatever is committed meanwhile. */
  snapshot: Snapshot
  /** For all its steps. */
  pillar: DataMap
  /** Aborted by `jobs cancel`. */
  cancelled: AbortSignal
  /** Aborted when the master ends: what was sent goes on without it. */
  closing: AbortSignal
  /** A line for whoever watches. */
  note: (text: string) => void
}

/** Reaches minions for the steps of one orchestration, by jobs like any others. */
export class FleetWork {
  readonly #deps: RunDeps
  readonly #course: Course

  constructor(deps: RunDeps, course: Course) {
    this.#deps = deps
    this.#course = course
  }

  /** Who is meant, at this moment; nobody is an error only when the step expects somebody. */
  match({ target, expectMinions }: Pick<ApplyStep, 'target' | 'expectMinions'>): readonly string[] {
    try {
      return this.#deps.targets.match(this.#course.snapshot, target)
    } catch (thrown) {
      if (!expectMinions && thrown instanceof UserError && thrown.code === 'no-match') return []
      throw thrown
    }
  }

  /** Compiles for each, or throws all that is wrong. */
  async applyOrder(step: ApplyStep, ids: readonly string[], test: boolean): Promise<JobOrder> {
    const { snapshot, pillar } = this.#course
    const wanted = { states: step.states, test, pillar: mergeData(pillar, step.pillar ?? {}) }
    const { targets, errors } = await prepare(this.#deps.desired, snapshot, ids, wanted)
    if (errors.size > 0) throw compileErrors(errors)
    return { ...this.#order(titleOf(wanted), step.timeout), test, snapshot: snapshot.id, targets }
  }

  /** Checks the function and its arguments. */
  callOf(step: Pick<CallStep | Condition, 'function' | 'positional' | 'named'>): FunctionCall {
    const definition = findFunction(this.#deps.catalog, step.function)
    if (definition.changes === 'asks' && step.function !== 'mine.update') {
      throw new UserError('not-a-call', `'${step.function}' can't be called by an orchestration.`, {
        hint: step.function.startsWith('state.') ? 'Use fleet.apply.' : undefined,
      })
    }
    const words = { positional: step.positional, named: step.named }
    return { name: step.function, definition, named: nameWords(definition.args, words, { what: step.function }) }
  }

  callOrder(call: FunctionCall, ids: readonly string[], timeout: number | undefined): JobOrder {
    const { targets } = callWorks(this.#deps.desired, this.#course.snapshot, ids, call)
    return { ...this.#order(call.name, timeout), test: false, snapshot: '', targets }
  }

  /** New values for the mine, and why there are none from some. */
  async mineUpdate(ids: readonly string[]): Promise<Record<string, string>> {
    return (await this.#deps.mineUpdate(ids)).failed
  }

  /** Submits a job and watches it to its end; each target's end is passed on. A cancelled course cancels it. */
  async perform(order: JobOrder, ended: (id: string, outcome: string, cause: string) => void): Promise<RunReport> {
    const { jobs } = this.#deps
    if (this.signal.aborted) throw stopped()
    const { cancelled, closing } = this.#course
    const jid = await jobs.submit(order)
    const cancel = (): void =>
      void jobs.cancel(jid).catch((error: unknown) => this.note(`not cancelled: ${String(error)}`))
    cancelled.addEventListener('abort', cancel)
    if (cancelled.aborted) cancel()
    // One that is cancelled is watched to its end too: until then its minions may still be at it.
    for await (const { target, event } of jobs.watch(jid, { signal: closing })) {
      if (event.type === 'ended') ended(target, event.outcome, event.cause)
    }
    cancelled.removeEventListener('abort', cancel)
    if (this.signal.aborted) throw stopped()
    return jobs.report(jid)
  }

  /** Throws when the orchestration is cancelled meanwhile. */
  async sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.signal }).catch(() => {})
    if (this.signal.aborted) throw stopped()
  }

  note(text: string): void {
    this.#course.note(text)
  }

  /** Nothing more is begun once it is aborted. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#course.cancelled, this.#course.closing])
  }

  #order(title: string, timeout: number | undefined): Pick<JobOrder, 'title' | 'by' | 'deliveryMs' | 'runMs'> {
    const { deliveryMs, runMs } = this.#deps.deadlines
    return { title, by: orchestratedBy(this.#course.jid), deliveryMs, runMs: timeout ?? runMs }
  }
}

function stopped(): ChangeFailed {
  return new ChangeFailed('The orchestration was stopped.')
}

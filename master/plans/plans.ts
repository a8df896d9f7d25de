import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { LowState } from '../../core/compile/low.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { DataMap } from '../../core/data.ts'
import type { Desired } from '../../core/desired/desired.ts'
import { errorsIn, UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Store } from '../store/store.ts'
import { movedSince, plannedIn, type Planned } from '../../core/run/planned.ts'
import type { SavedPlanRow } from './tables.ts'

/** What was planned. */
export interface PlanInput {
  /** Ids of the minions. */
  targets: string[]
  /** Empty: their highstates. */
  states: string[]
  pillar?: DataMap
}

export interface PlanLine extends PlanInput {
  jid: string
  by: string
  /** ISO 8601, UTC. */
  saved: string
  /** How many states would change. */
  changes: number
}

export interface PlansDeps {
  store: Store
  jobs: Jobs
  desired: Desired
  current: () => Snapshot
  now: () => number
}

/** Plans that were saved to be applied later, exactly as they are or not at all. */
export class SavedPlans {
  readonly #deps: PlansDeps

  constructor(deps: PlansDeps) {
    this.#deps = deps
  }

  /** Saves the plan of a job that went well, while its sources are still in use. Throws a `UserError` otherwise. */
  async save(jid: string, input: Omit<PlanInput, 'targets'>, by: string): Promise<PlanInput> {
    const { store, jobs, now } = this.#deps
    const report = await jobs.report(jid)
    if (!report.test)
      throw new UserError('no-plan', `Job ${jid} was no plan.`, { hint: "'plan ... --save' makes one." })
    const failed = Object.entries(report.targets).filter(([, { outcome }]) => outcome !== 'succeeded')
    if (failed.length > 0) {
      const names = failed.map(([id, { outcome }]) => `${id} (${outcome ?? 'not ended'})`).join(', ')
      throw new UserError('plan-failed', `The plan ${jid} can't be saved: it did not go well on ${names}.`, {
        hint: `'butler-master jobs show ${jid}' says why.`,
      })
    }
    const whole: PlanInput = { targets: Object.keys(report.targets), ...input }
    const snapshot = Object.values(report.targets)[0]?.snapshot ?? ''
    this.#requireSnapshot(jid, snapshot)
    await store
      .replaceInto('saved_plans')
      .values({
        jid,
        by,
        saved: now(),
        snapshot,
        input: JSON.stringify(whole),
        lows: JSON.stringify(Object.fromEntries(whole.targets.map((id) => [id, this.#digest(id, whole)]))),
        planned: JSON.stringify(plannedIn(report)),
      })
      .execute()
    return whole
  }

  async list(): Promise<PlanLine[]> {
    const rows = await this.#deps.store.selectFrom('saved_plans').selectAll().orderBy('jid', 'desc').execute()
    return rows.map((row) => ({
      jid: row.jid,
      by: row.by,
      saved: new Date(row.saved).toISOString(),
      changes: Object.values(plannedOf(row)).flat().length,
      ...inputOf(row),
    }))
  }

  /** For applying: refused when sources or facts moved since. Whether the machines did, only a new plan can say. */
  async open(jid: string): Promise<PlanInput> {
    return this.#unmoved(await this.#require(jid))
  }

  /** The same if the plan that was made `again` says what was saved: also the machines are as they were. */
  async openAs(jid: string, again: string): Promise<PlanInput> {
    const row = await this.#require(jid)
    const report = await this.#deps.jobs.report(again)
    const whole = report.test && sameTargets(Object.keys(report.targets), inputOf(row).targets)
    // Job ids are in the order of time: one from before says nothing of the machines as they are now.
    if (!whole || again <= jid) {
      throw new UserError('no-plan', `Job ${again} does not plan once more what ${jid} does.`, {
        hint: `'butler-master plans apply ${jid}' does both.`,
      })
    }
    const moved = movedSince(plannedOf(row), plannedIn(report))
    if (!report.ok || moved.length > 0) {
      const why = report.ok ? moved.join('; ') : 'it does not go well any more'
      throw new UserError('plan-outdated', `The plan ${jid} is not applied, since the machines have moved: ${why}.`, {
        hint: `'butler-master jobs show ${again}' is the plan of now.`,
      })
    }
    // Nothing is waited for after this and before the job is made: what came in between is refused too.
    return this.#unmoved(row)
  }

  /** Refused when its sources moved, or what its minions' low states follow from. */
  #unmoved(row: Selectable<SavedPlanRow>): PlanInput {
    const { jid } = row
    this.#requireSnapshot(jid, row.snapshot)
    const input = inputOf(row)
    const before = JSON.parse(row.lows) as Record<string, string>
    const moved: string[] = []
    for (const id of input.targets) {
      const errors = errorsIn(() => {
        if (this.#digest(id, input) !== before[id]) moved.push(id)
      })
      const [first] = errors
      if (first !== undefined) throw outdated(jid, first.message.replace(/\.$/u, ''))
    }
    if (moved.length > 0) {
      throw outdated(jid, `what their grains, pillar or mine say has changed since: ${moved.join(', ')}`)
    }
    return input
  }

  async delete(jid: string): Promise<void> {
    await this.#require(jid)
    await this.#deps.store.deleteFrom('saved_plans').where('jid', '=', jid).execute()
  }

  #requireSnapshot(jid: string, snapshot: string): void {
    const { id } = this.#deps.current()
    if (id !== snapshot) throw outdated(jid, `its sources have changed since: from ${snapshot} to ${id}`)
  }

  #digest(id: string, { states, pillar }: PlanInput): string {
    const { desired, current } = this.#deps
    return digestOf(desired.low(current(), id, states, pillar))
  }

  async #require(jid: string): Promise<Selectable<SavedPlanRow>> {
    const rows = await this.#deps.store.selectFrom('saved_plans').selectAll().execute()
    const found = rows.find((row) => row.jid === jid)
    if (found !== undefined) return found
    const near = suggest(
      jid,
      rows.map((row) => row.jid),
    )
    throw new UserError('unknown-plan', `There is no saved plan ${jid}.`, {
      hint: near ?? "'butler-master plans' lists them; 'butler-master plan TARGET --save' saves one.",
    })
  }
}

function sameTargets(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id))
}

function outdated(jid: string, why: string): UserError {
  return new UserError('plan-outdated', `The plan ${jid} is not applied: ${why}.`, {
    hint: "Plan anew, with 'butler-master plan ... --save'.",
  })
}

function digestOf(low: LowState): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...low, warnings: [] }))
    .digest('hex')
}

// Both were written by `save`.
function inputOf({ input }: Selectable<SavedPlanRow>): PlanInput {
  return JSON.parse(input) as PlanInput
}

function plannedOf({ planned }: Selectable<SavedPlanRow>): Planned {
  return JSON.parse(planned) as Planned
}

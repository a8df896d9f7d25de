import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import { type UserError, userErrorsOf } from '../errors.ts'
import { type Change, ChangeFailed, type Done } from '../module/change.ts'
import type { Host } from '../module/host.ts'
import type { Plan } from '../module/state.ts'
import type { Facts } from './facts.ts'
import { type Foreseen, Pending } from './foreseen.ts'

/** What a plan came to. */
export interface Carried {
  result: boolean | null
  changes: DataMap
  comment: string
  /** In a plan: ids of the chunks whose changes it waits for. */
  after?: readonly string[]
  /** Where a bug of ours is, for a debug note. */
  stack?: string
}

interface Planned {
  changes: Change[]
  comment: string
  /** What ended the planning before its time. */
  end?: Carried
}

/** Only plans: says what would change, and remembers what that would make. Touches nothing. */
export async function foresee(plan: () => Plan, foreseen: Foreseen | undefined, id: string): Promise<Carried> {
  const { changes, comment, end } = await collect(plan)
  const pending = changes.filter((change) => !change.onlySaid)
  foreseen?.add(
    pending.flatMap((change) => change.makes),
    id,
  )
  const shown = Object.fromEntries(changes.map((change) => [change.key, change.shows]))
  if (end !== undefined) return { ...end, changes: end.result === false ? {} : shown }
  if (pending.length === 0) return { result: true, changes: shown, comment: comment || 'All is as it should be' }
  const would = `Would change: ${Object.keys(shown).join(', ')}`
  return { result: null, changes: shown, comment: comment === '' ? would : `${would}\n${comment}` }
}

/** Plans, then makes the changes in order until one fails. */
export async function carryOut(plan: () => Plan, host: Host, facts: Facts): Promise<Carried> {
  const planned = await collect(plan)
  if (planned.end !== undefined) return planned.end
  const changes: DataMap = {}
  const said = new Set<string>()
  for (const change of planned.changes) {
    try {
      const done = (await change.apply(host)) ?? {}
      record(changes, change, done)
      if (done.comment !== undefined && done.comment !== '') said.add(done.comment)
    } catch (thrown) {
      const failure = failureOf(thrown)
      const really = thrown instanceof ChangeFailed ? thrown.changes : {}
      return { ...failure, changes: { ...changes, ...really }, comment: [...said, failure.comment].join('\n') }
    } finally {
      facts.forget(change.makes)
    }
  }
  if (planned.comment !== '') said.add(planned.comment)
  if (said.size === 0) said.add(inWords(changes))
  return { result: true, changes, comment: [...said].join('\n') }
}

/** `plan` may fail when it is called and when it is stepped through: both are the plan's failure. */
async function collect(plan: () => Plan): Promise<Planned> {
  const changes: Change[] = []
  try {
    const steps = plan()
    for (let step = await steps.next(); ; step = await steps.next()) {
      if (step.done) return { changes, comment: step.value ?? '' }
      changes.push(step.value)
    }
  } catch (thrown) {
    if (thrown instanceof Pending) {
      return { changes, comment: '', end: { result: null, changes: {}, comment: thrown.message, after: thrown.by } }
    }
    return { changes: [], comment: '', end: { ...failureOf(thrown), changes: {} } }
  }
}

function record(changes: DataMap, change: Change, done: Done): void {
  if (done.unchanged) return
  if (done.changes !== undefined) Object.assign(changes, done.changes)
  else changes[change.key] = done.shows ?? change.shows
}

/** What went wrong in words; a bug is a failure like another, and its stack is kept apart. */
export function failureOf(thrown: unknown): { result: false; comment: string; stack?: string } {
  const errors = userErrorsOf(thrown)
  if (errors !== undefined) return { result: false, comment: errors.map(withHint).join('\n') }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const stack = thrown instanceof Error ? (thrown.stack ?? message) : message
  return { result: false, comment: `This is a bug in Butler, please report it: ${message}`, stack }
}

function withHint(error: UserError): string {
  return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`
}

function inWords(changes: DataMap): string {
  const keys = Object.keys(changes)
  return keys.length === 0 ? 'All is as it should be' : `Changed: ${keys.join(', ')}`
}

/** Takes every diff out of changes, at any depth: for a chunk that holds a secret. */
export function withoutDiffs(changes: DataMap): DataMap {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => {
      if (key === 'diff' && typeof value === 'string') return [key, 'not shown, since it holds a secret']
      return [key, isMap(value) ? withoutDiffs(value) : value]
    }),
  )
}

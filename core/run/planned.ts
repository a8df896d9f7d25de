import { isDeepStrictEqual } from 'node:util'
import type { DataMap } from '../data.ts'
import type { RunReport } from './result.ts'

/** A state that a plan says would change, and how. */
export interface PlannedChange {
  /** `function id`, with the name when that is another one. */
  state: string
  changes: DataMap
}

/** What a plan says would change, by target, in run order. */
export type Planned = Readonly<Record<string, readonly PlannedChange[]>>

export function plannedIn({ targets }: Pick<RunReport, 'targets'>): Planned {
  return Object.fromEntries(
    Object.entries(targets).map(([id, { results }]) => [
      id,
      results
        .filter(({ result }) => result === null)
        .map(({ id: state, function: called, name, changes }) => ({
          state: name === state ? `${called} ${state}` : `${called} ${state} (${name})`,
          changes,
        })),
    ]),
  )
}

/** What another plan of the same says differently, a sentence for each; none when it says just the same. */
export function movedSince(saved: Planned, now: Planned): string[] {
  return Object.keys({ ...saved, ...now }).flatMap((id) => {
    const [before, after] = [saved[id] ?? [], now[id] ?? []]
    return [
      ...before.flatMap(({ state, changes }) => {
        const other = changeOf(after, state)
        if (other === undefined) return [`${id}: ${state} would not change any more`]
        return isDeepStrictEqual(other.changes, changes) ? [] : [`${id}: ${state} would change in another way`]
      }),
      ...after
        .filter(({ state }) => changeOf(before, state) === undefined)
        .map(({ state }) => `${id}: ${state} would change too`),
    ]
  })
}

function changeOf(list: readonly PlannedChange[], state: string): PlannedChange | undefined {
  return list.find((one) => one.state === state)
}

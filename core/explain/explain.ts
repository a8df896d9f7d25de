import type { Guard, LowChunk, LowState, RequisiteKind } from '../compile/low.ts'
import type { Data } from '../data.ts'
import { isMap } from '../data.ts'
import { type Place, UserError } from '../errors.ts'
import type { ChunkResult } from '../run/result.ts'
import { suggest } from '../text/nearest.ts'

/** Another state, as an explanation names it. */
export interface Other {
  id: string
  function: string
  at: Place
}

/** Why a state would run or not, from what it is to be and a plan of the whole run. */
export interface Explanation extends Other {
  name: string
  sls: string
  /** Position in the run order, from 0. */
  order: number
  /** What it waits for or listens to. */
  requisites: { kind: RequisiteKind; targets: Other[] }[]
  /** Who waits for it or listens to it. */
  dependents: { kind: RequisiteKind; state: Other }[]
  /** In words, as they would be written: `unless: test -e /etc/passwd`. */
  guards: string[]
  /** Files of the sources that its arguments name. */
  sources: string[]
  /** What the plan says of it; left out when the plan did not get so far. */
  planned?: Pick<ChunkResult, 'result' | 'ran' | 'skipped' | 'changes' | 'comment'> & { why: string; after?: string[] }
}

/**
 * Explains all states with this id or name, or `function id` when several share an id.
 *
 * @param results of a plan of the whole low state
 * @throws UserError when there is none
 */
export function explain(low: LowState, results: readonly ChunkResult[], asked: string): Explanation[] {
  const found = [...low.chunks.entries()].filter(([, chunk]) => isMeant(chunk, asked))
  if (found.length === 0) {
    throw new UserError('unknown-state-id', `There is no state '${asked}' in this run.`, {
      hint:
        suggest(
          asked,
          low.chunks.flatMap(({ id, name }) => [id, name]),
        ) ?? "'show lowstate' lists them all.",
    })
  }
  return found.map(([order, chunk]) => explanationOf(low, results, chunk, order))
}

function isMeant({ id, name, function: called }: LowChunk, asked: string): boolean {
  return [id, name, `${called} ${id}`, `${called} ${name}`].includes(asked)
}

function explanationOf(low: LowState, results: readonly ChunkResult[], chunk: LowChunk, order: number): Explanation {
  const { id, function: called, name, sls, at, requisites, guards, args } = chunk
  const otherAt = (position: number): Other[] => {
    const other = low.chunks[position]
    return other === undefined ? [] : [{ id: other.id, function: other.function, at: other.at }]
  }
  const dependents = [...low.chunks.entries()].flatMap(([position, other]) =>
    other.requisites
      .filter(({ targets }) => targets.includes(order))
      .flatMap(({ kind }) => otherAt(position).map((state) => ({ kind, state }))),
  )
  const row = results.find((one) => one.id === id && one.function === called && one.name === name && !one.listener)
  return {
    id,
    function: called,
    name,
    sls,
    at,
    order,
    requisites: requisites.map(({ kind, targets }) => ({ kind, targets: targets.flatMap(otherAt) })),
    dependents,
    guards: [
      ...(guards.unless ?? []).map((guard) => `unless: ${inWords(guard)}`),
      ...(guards.onlyif ?? []).map((guard) => `onlyif: ${inWords(guard)}`),
      ...(guards.creates ?? []).map((path) => `creates: ${path}`),
    ],
    sources: [...new Set(sourcesIn(args))],
    ...(row === undefined ? {} : { planned: plannedOf(row) }),
  }
}

function plannedOf({
  result,
  ran,
  skipped,
  changes,
  comment,
  why = '',
  after,
}: ChunkResult): NonNullable<Explanation['planned']> {
  return { result, ran, skipped, changes, comment, why, ...(after === undefined ? {} : { after }) }
}

function inWords(guard: Guard): string {
  return 'command' in guard ? guard.command : `${guard.function} ${JSON.stringify(guard.args)}`
}

function sourcesIn(value: Data): string[] {
  if (typeof value === 'string') return /^(?:butler|salt):\/\//u.test(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap(sourcesIn)
  return isMap(value) ? Object.values(value).flatMap(sourcesIn) : []
}

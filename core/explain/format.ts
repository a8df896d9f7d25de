import { formatPlace } from '../errors.ts'
import { nestedLines } from '../run/nested.ts'
import type { Explanation, Other } from './explain.ts'

/** An explanation for a person: where it comes from, what it hangs on, and what would happen now and why. */
export function formatExplanation(one: Explanation): string {
  const { requisites, dependents, guards, sources } = one
  return [
    `${one.function} ${one.id}${one.name === one.id ? '' : ` (${one.name})`}`,
    ...row('from', [`${formatPlace(one.at)}, state file '${one.sls}', number ${one.order} in the run`]),
    ...row(
      'waits for',
      requisites.flatMap(({ kind, targets }) => targets.map((other) => `${kind} ${named(other)}`)),
    ),
    ...row(
      'waited for by',
      dependents.map(({ kind, state }) => `${named(state)}, by ${kind}`),
    ),
    ...row('guards', guards),
    ...row('sources', sources),
    ...plannedRows(one.planned),
  ].join('\n')
}

function plannedRows(planned: Explanation['planned']): string[] {
  if (planned === undefined) return row('now', ['a plan does not get so far: an earlier state ends the run'])
  const { why, changes, comment } = planned
  return [
    ...row('now', [verdictOf(planned)]),
    ...row('because', why.split('; ')),
    ...row('it says', comment.split('\n')),
    ...(Object.keys(changes).length === 0 ? [] : row('changes', nestedLines(changes, 0).slice(1))),
  ]
}

function verdictOf({ result, skipped, after }: NonNullable<Explanation['planned']>): string {
  if (skipped !== null) return result === false ? `would not be run: ${skipped} failed` : `would not be run: ${skipped}`
  if (result === false) return 'would fail'
  if (result === true) return 'is as it should be'
  return after === undefined ? 'would change' : `would change, after ${after.join(', ')}`
}

function named({ id, function: called, at }: Other): string {
  return `${called} ${id} (${formatPlace(at)})`
}

const WIDTH = 15

/** A label before the first line, and its width before the others. */
function row(label: string, lines: readonly string[]): string[] {
  return lines
    .filter((line) => line !== '')
    .map((line, index) => `  ${(index === 0 ? label : '').padEnd(WIDTH)}${line}`.trimEnd())
}

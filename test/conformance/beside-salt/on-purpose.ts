import { z } from 'zod'
import { REQUISITE_KINDS, type RequisiteKind } from '../../../core/compile/low.ts'
import type { ExpectedChunk } from '../case.ts'

/** The part of a low state that decides whether Salt means another thing by it on purpose. */
export const lowChunks = z.object({
  chunks: z.array(
    z.object({
      id: z.string(),
      function: z.string(),
      name: z.string(),
      requisites: z.array(z.object({ kind: z.enum(REQUISITE_KINDS), targets: z.array(z.number()) })),
      options: z.object({ failhard: z.boolean().optional() }),
    }),
  ),
})

type LowChunk = z.infer<typeof lowChunks>['chunks'][number]

export interface Ours {
  low: readonly LowChunk[]
  results: readonly ExpectedChunk[]
  test: boolean
}

/**
 * Which of the differences in docs/differences.md this run shows; `undefined` where all has to be as in Salt. Told from the
 * requisites that take part and from how their targets ended, so that little is left out.
 */
export function differenceOnPurpose({ low, results, test }: Ours): string | undefined {
  const resultOf = (position: number): ExpectedChunk | undefined => {
    const chunk = low[position]
    return results.find(
      ({ id, name, function: fun }) => id === chunk?.id && name === chunk.name && fun === chunk.function,
    )
  }
  const looks = low.flatMap((chunk) => targetsOf(chunk, 'prereq'))
  const lookedAt = looks.flatMap((position) => low[position] ?? [])
  if (
    test &&
    low.some((chunk) => targetsOf(chunk, ...ONFAIL).some((position) => resultOf(position)?.result === null))
  ) {
    return 'a plan does not run what runs only if something fails that would change'
  }
  if (test && low.some((chunk) => has(chunk, 'prereq') && has(chunk, ...ONCHANGES))) {
    return 'in a plan an onchanges that is not met keeps a state from running, whatever its prereq says'
  }
  if (lookedAt.some((chunk) => has(chunk, ...WATCH))) return 'a look ahead sees whether its target would act on a watch'
  if (lookedAt.some((chunk) => has(chunk, 'prereq'))) return "a look ahead asks the target's own prereq"
  if (results.some(({ skipped_by: by, result }) => by === 'prereq' && result === false)) {
    return 'what waits for a state by its prereq is not run when that failed'
  }
  const passedOver = lookedAt.filter((chunk) => results.some(({ id, ran }) => id === chunk.id && !ran))
  if (passedOver.some((chunk) => has(chunk, 'listen'))) return 'a listener acts also if a prereq looked at it'
  const ended = !test && low.some(({ options }, position) => options.failhard && resultOf(position)?.result === false)
  if (ended && low.some((chunk) => has(chunk, 'listen'))) return 'after a failhard no listener acts'
  return undefined
}

/** Where a state is listed that a prereq looks at, and that its requisites pass over, is not compared. */
export function isListedEarlier({ low, results }: Ours): boolean {
  const passedOver = new Set(results.filter(({ ran }) => !ran).map(({ id }) => id))
  const lookedAt = low.flatMap((chunk) => targetsOf(chunk, 'prereq')).flatMap((position) => low[position] ?? [])
  return lookedAt.some(({ id }) => passedOver.has(id))
}

const ONFAIL: readonly RequisiteKind[] = ['onfail', 'onfail_any', 'onfail_all']
const ONCHANGES: readonly RequisiteKind[] = ['onchanges', 'onchanges_any']
const WATCH: readonly RequisiteKind[] = ['watch', 'watch_any']

function has(chunk: LowChunk, ...kinds: readonly RequisiteKind[]): boolean {
  return targetsOf(chunk, ...kinds).length > 0
}

function targetsOf({ requisites }: LowChunk, ...kinds: readonly RequisiteKind[]): number[] {
  return requisites.flatMap(({ kind, targets }) => (kinds.includes(kind) ? targets : []))
}

import { compile } from '../../core/compile/compile.ts'
import type { LowChunk, LowState } from '../../core/compile/low.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import { isTemplate } from '../../core/compile/template.ts'
import { stateTree } from '../../core/compile/tree.ts'
import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { errorsIn, formatPlace, UserError, UserErrors, userErrorsOf } from '../../core/errors.ts'
import { markSecrets } from '../../core/secret.ts'
import { parseTarget } from '../../core/target/match.ts'
import { fleetCatalog, readStep, type ReadStep } from './catalog.ts'
import type { FleetWork } from './fleet-work.ts'

const ROOT = 'orchestrations'

/** What compiling needs of steps is their arguments alone. */
const catalog = fleetCatalog({ apply: unused, call: unused, wait: unused, check: unused })

function unused(): never {
  throw new Error('Compiling runs nothing.')
}

export type LookUp = (target: string, alias: string) => Record<string, Data>

/** Compiles an orchestration to its steps in their order. Throws `UserErrors`; one that is not there names who is near. */
export function compileOrchestration(snapshot: Snapshot, name: string, pillar: DataMap, mine: LookUp): LowState {
  const minion = { id: 'master', grains: { id: 'master' }, roles: [], pillar }
  return compile({ snapshot, apply: [name], root: ROOT, minion, mine, catalog })
}

/** What a chunk means, its secrets as marks. Errors get its place. */
export function stepOf(chunk: LowChunk): ReadStep {
  const args = markSecrets(chunk.args)
  return placed(chunk, () => readStep(chunk.function, isMap(args) ? args : {}))
}

/** Looks at every step before the first one begins: whom it means, and whether it compiles for them. Throws `UserErrors`. */
export async function checkSteps(low: LowState, work: FleetWork): Promise<void> {
  const errors = new Map<string, UserError>()
  for (const chunk of low.chunks) {
    try {
      await checkStep(chunk, work)
    } catch (thrown) {
      const found = userErrorsOf(thrown)
      if (found === undefined) throw thrown
      for (const error of found) errors.set([error.message, error.at && formatPlace(error.at)].join('\n'), error)
    }
  }
  if (errors.size > 0) throw new UserErrors([...errors.values()])
}

async function checkStep(chunk: LowChunk, work: FleetWork): Promise<void> {
  const read = stepOf(chunk)
  const ids = placed(chunk, () => work.match(read.step))
  if (read.kind === 'apply') await work.applyOrder(read.step, ids, true)
  else placed(chunk, () => work.callOrder(work.callOf(read.step), ids, undefined))
}

/** What is wrong with a snapshot's orchestrations, as far as no pillar of a call and no minion is needed to see it. */
export function orchestrationProblems(snapshot: Snapshot): readonly UserError[] {
  return stateTree(snapshot, ROOT).names.flatMap((name) => {
    if (needsPillar(snapshot, name)) return []
    const chunks: LowChunk[] = []
    const unread = errorsIn(() => chunks.push(...compileOrchestration(snapshot, name, {}, noMine).chunks))
    return [...unread, ...chunks.flatMap((chunk) => errorsIn(() => parseTarget(stepOf(chunk).step.target, chunk.at)))]
  })
}

/** Minions have said nothing yet. */
function noMine(): Record<string, Data> {
  return {}
}

function needsPillar(snapshot: Snapshot, name: string): boolean {
  return stateTree(snapshot, ROOT)
    .find(name)
    .some(({ path }) => isTemplate(snapshot.text(path) ?? ''))
}

/** An error without a place gets that of the step. */
function placed<T>({ at }: LowChunk, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    throw new UserErrors(
      errors.map(
        (error) => new UserError(error.code, error.message, { hint: error.hint, at: error.at ?? at, cause: error }),
      ),
    )
  }
}

import { formatError } from '../../core/cli/error-text.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { ApplyInput, Caller, Submitted } from '../api/contract.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Desired } from '../../core/desired/desired.ts'
import type { Targets } from './targets.ts'
import { compileErrors, prepare, titleOf, type Prepared } from './work.ts'

export interface Deadlines {
  deliveryMs: number
  runMs: number
}

export interface ApplyDeps {
  desired: Desired
  targets: Targets
  jobs: Jobs
  current: () => Snapshot
  deadlines: Deadlines
}

/**
 * Compiles for every target, then submits one job. As long as any target does not compile nothing is sent, unless the
 * input says to keep going with the others.
 */
export async function apply(deps: ApplyDeps, input: ApplyInput, { name: by }: Caller): Promise<Submitted> {
  const { desired, targets, jobs, deadlines } = deps
  const snapshot = deps.current()
  const ids = targets.match(snapshot, input.target)
  const prepared = await prepare(desired, snapshot, ids, input)
  if (prepared.errors.size > 0 && (input.keepGoing !== true || prepared.targets.size === 0)) {
    throw compileErrors(prepared.errors)
  }
  const jid = await jobs.submit({
    title: titleOf(input),
    by,
    test: input.test,
    snapshot: snapshot.id,
    targets: prepared.targets,
    deliveryMs: input.deliveryMs ?? deadlines.deliveryMs,
    runMs: input.runMs ?? deadlines.runMs,
  })
  return { jid, targets: [...prepared.targets.keys()], warnings: warningsOf(prepared) }
}

function warningsOf({ targets, errors }: Prepared): Submitted['warnings'] {
  const left = [...errors].map(([target, found]) => ({
    target,
    text: `left out, since it does not compile: ${found.map((error) => error.message).join(' ')}`,
  }))
  const warnings = [...targets].flatMap(([target, { low }]) => [
    ...low.warnings.map((warning) => ({ target, text: formatError(warning, 'warning') })),
    ...(low.chunks.length === 0 ? [{ target, text: 'has nothing to do: its roles name no states' }] : []),
  ])
  return [...left, ...warnings]
}

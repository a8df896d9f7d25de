import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError, userErrorsOf } from '../../core/errors.ts'
import { checkArgs } from '../../core/compile/arguments.ts'
import type { Catalog } from '../../core/module/module.ts'
import { TARGET_KINDS } from '../../core/target/target.ts'
import type { Caller, Operations, Submitted } from '../api/contract.ts'
import { apply, type ApplyDeps } from './apply.ts'
import { callWorks, readCall, type FunctionCall } from './call.ts'
import { currentOrEmpty } from './empty.ts'
import { lookUpMine, type Known } from '../../core/desired/minion.ts'

type RunInput = Operations['run']['input']

export interface RunDeps extends ApplyDeps {
  catalog: Catalog
  known: Known
  mineUpdate: (ids: readonly string[]) => Promise<{ updated: string[]; failed: Record<string, string> }>
}

/** Calls an execution function on every target; those that the master itself answers become what they mean. */
export async function runFunction(deps: RunDeps, input: RunInput, caller: Caller): Promise<Submitted> {
  const call = readCall(deps.catalog, input.function, input.words)
  const snapshot = currentOrEmpty(deps.current)
  const ids = deps.targets.match(snapshot, input.target)
  if (call.definition.changes === 'asks') return runAsked(deps, input, call, ids, caller)
  const { targets, warnings } = callWorks(deps.desired, snapshot, ids, call)
  const jid = await deps.jobs.submit({
    title: [call.name, ...input.words].join(' '),
    by: caller.name,
    test: false,
    snapshot: '',
    targets,
    deliveryMs: input.deliveryMs ?? deps.deadlines.deliveryMs,
    runMs: input.runMs ?? deps.deadlines.runMs,
  })
  return { jid, targets: [...ids], warnings }
}

async function runAsked(
  deps: RunDeps,
  input: RunInput,
  call: FunctionCall,
  ids: readonly string[],
  caller: Caller,
): Promise<Submitted> {
  const args = checkArgs(call.definition.args, call.named, { what: call.name })
  const { target, deliveryMs, runMs } = input
  const deadlines = { ...(deliveryMs === undefined ? {} : { deliveryMs }), ...(runMs === undefined ? {} : { runMs }) }
  if (call.name === 'state.apply' || call.name === 'state.highstate') {
    const { mods, test, pillar } = args
    const states = Array.isArray(mods) ? mods.filter((name) => typeof name === 'string') : []
    const given = isMap(pillar) ? { pillar } : {}
    return apply(deps, { target, states, test: test === true, ...given, ...deadlines }, caller)
  }
  return answered(deps, call.name, caller, () => answerOf(deps, call.name, args, ids))
}

async function answerOf(deps: RunDeps, name: string, args: DataMap, ids: readonly string[]): Promise<Data> {
  if (name === 'mine.update') return mineUpdate(deps, ids)
  if (name === 'mine.get') {
    const kind = TARGET_KINDS.find((each) => each === args['tgt_type']) ?? 'compound'
    const target = { kind, expression: textOf(args['tgt']) }
    return lookUpMine(deps.current(), deps.known, target, textOf(args['fun']))
  }
  if (name === 'state.show_lowstate') {
    const { mods } = args
    const states = Array.isArray(mods) ? mods.filter((state) => typeof state === 'string') : []
    const snapshot = deps.current()
    // A low state is plain JSON.
    return Object.fromEntries(ids.map((id) => [id, deps.desired.low(snapshot, id, states).chunks as unknown as Data]))
  }
  throw new UserError('not-from-here', `'${name}' can't be called through the master.`, {
    hint: `Call it on the minion: butler-call ${name}.`,
  })
}

async function mineUpdate(deps: RunDeps, ids: readonly string[]): Promise<Data> {
  const { updated, failed } = await deps.mineUpdate(ids)
  const causes = Object.entries(failed).map(([id, cause]) => `${id}: ${cause}`)
  if (causes.length > 0) throw new UserError('mine-not-updated', `No new values for the mine from ${causes.join('; ')}`)
  return Object.fromEntries(updated.map((id) => [id, true]))
}

/** An argument whose schema says that it is text. */
function textOf(value: Data | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** The master answers by itself: a job like any other, whose only target is the master. */
async function answered(deps: RunDeps, title: string, caller: Caller, answer: () => Promise<Data>): Promise<Submitted> {
  const job = await deps.jobs.record({ title, by: caller.name, test: false, snapshot: '' })
  job.emit({ type: 'started', pid: process.pid, chunks: 0, test: false })
  void answer().then(
    (value) => job.emit({ type: 'ended', outcome: 'succeeded', cause: '', return: value }),
    (thrown: unknown) => {
      const errors = userErrorsOf(thrown) ?? [new UserError('bug', `This is a bug in Butler: ${String(thrown)}`)]
      const cause = errors.map((error) => error.message).join(' ')
      job.emit({ type: 'ended', outcome: 'failed', cause, errors: errors.map((error) => error.toJSON()) })
    },
  )
  return { jid: job.jid, targets: ['master'], warnings: [] }
}

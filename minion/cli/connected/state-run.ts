import type { Call } from '../../../core/cli/command.ts'
import { flagOption } from '../../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import type { Layout } from '../../../core/cli/layout.ts'
import type { LowState } from '../../../core/compile/low.ts'
import { UserError } from '../../../core/errors.ts'
import { printExplanations, requireState } from '../../../core/explain/print.ts'
import type { RunEvent } from '../../../core/run/event.ts'
import { stateOutputOf } from '../../../core/cli/state-output.ts'
import { formatRun } from '../../../core/run/format.ts'
import type { RunReport } from '../../../core/run/result.ts'
import { JID_VARIABLE } from '../../jobs/kill.ts'
import { listener } from '../local/listener.ts'
import { mapOption } from '../local/session.ts'
import type { CallRequest } from '../request.ts'
import { openDoor, type Door } from './door.ts'
import { gather } from './gather.ts'

/** What every request needs besides itself. */
export interface Context {
  layout: Layout
  call: Call
}

/** A run may wait for others, and takes as long as the master lets it. In milliseconds, the longest there is. */
const FOREVER_MS = 2 ** 31 - 1
/** A compile of a large state tree takes its time. In milliseconds. */
const COMPILE_MS = 310_000

/**
 * `highstate`, `apply` and `plan`: the master compiles for this minion, the agent runs it, and this shows it. Throws the
 * compiler's `UserErrors`; then nothing was touched.
 */
export async function stateRun(request: CallRequest & { kind: 'state' }, context: Context): Promise<ExitCode> {
  const done = await runThere(request, context)
  return done === undefined ? EXIT.failed : print(reportOf(done.id, done.jid, done.events), context.call)
}

/** Plans, and tells of the states that the command line names why they would run or not. */
export async function explainState(
  { states }: CallRequest & { kind: 'explain' },
  { layout, call }: Context,
): Promise<ExitCode> {
  const low = await lowState(states, { layout, call })
  requireState(low, call)
  const done = await runThere({ kind: 'state', states, test: true }, { layout, call })
  if (done === undefined) return EXIT.failed
  const { target } = gather(done.jid, done.events)
  if (target.results.length === 0) return print(reportOf(done.id, done.jid, done.events), call)
  return printExplanations(low, target.results, call)
}

async function lowState(states: readonly string[], { layout, call }: Context): Promise<LowState> {
  await using door = await openDoor(layout)
  const question = { states: [...states], pillar: mapOption(call, 'pillar') }
  return (await door.agent.ask('low.request', question, { timeoutMs: COMPILE_MS })).low
}

interface RunThere {
  id: string
  jid: string
  events: readonly RunEvent[]
}

/** Has the agent do a run, and follows it; `undefined` when that was interrupted: how to come back is said. */
async function runThere(
  request: CallRequest & { kind: 'state' },
  { layout, call }: Context,
): Promise<RunThere | undefined> {
  refuseNested()
  const { io } = call
  const events: RunEvent[] = []
  const tell = listener(call)
  await using door = await openDoor(layout, (_, heard) => {
    for (const { event } of heard) {
      events.push(event)
      if (event.type === 'queued') io.note(`Waits for another state run of this minion: place ${event.position}.`)
      tell(event)
    }
  })
  const pillar = { ...mapOption(call, 'pillar'), ...request.pillar }
  const question = { states: [...request.states], test: request.test, pillar }
  const { jid } = await door.agent.ask('state.request', question, { timeoutMs: COMPILE_MS })
  if (await isInterrupted(io.interrupted, followToTheEnd(door, jid))) {
    io.note(`The run goes on as job ${jid}; 'butler-minion status' shows whether it still does. On the master:`)
    io.note(`  butler-master jobs watch ${jid}`)
    io.note(`  butler-master jobs cancel ${jid}`)
    return undefined
  }
  return { id: door.id, jid, events }
}

function reportOf(id: string, jid: string, events: readonly RunEvent[]): RunReport {
  const { target, test, errors } = gather(jid, events)
  return { schema: 'butler.run/1', ok: target.outcome === 'succeeded', test, errors, targets: { [id]: target } }
}

function print(report: RunReport, call: Call): ExitCode {
  const { io } = call
  io.data(report)
  io.print(() => formatRun(report, { mode: stateOutputOf(call), color: io.color }))
  const targets = Object.values(report.targets)
  for (const { outcome, cause, results } of targets) {
    if (outcome === 'failed' && results.length === 0) io.note(`error: ${cause}`)
  }
  if (!report.ok) return EXIT.failed
  const drift = targets.some(({ summary }) => summary.would_change > 0)
  return flagOption(call, 'exitCode') && drift ? EXIT.drift : EXIT.ok
}

/** The run that is under way would wait for the one that waits for it. */
function refuseNested(): void {
  const jid = process.env[JID_VARIABLE]
  if (jid === undefined) return
  throw new UserError('nested-run', `A state run can't be started from within one: this is part of job ${jid}.`, {
    hint: 'Name the other state file in `include`, or let an orchestration do one after the other.',
  })
}

async function followToTheEnd(door: Door, jid: string): Promise<void> {
  await door.agent.ask('follow', { jid }, { timeoutMs: FOREVER_MS })
}

/** Whether the signal came before the work was done. */
async function isInterrupted(signal: AbortSignal, work: Promise<void>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<true>()
  const interrupt = (): void => resolve(true)
  signal.addEventListener('abort', interrupt)
  try {
    return (await Promise.race([work, promise])) === true
  } finally {
    signal.removeEventListener('abort', interrupt)
  }
}

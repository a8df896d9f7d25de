import type { Call } from '../../../core/cli/command.ts'
import { flagOption } from '../../../core/cli/command.ts'
import { stateOutputOf } from '../../../core/cli/state-output.ts'
import { formatError } from '../../../core/cli/error-text.ts'
import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import type { LowState } from '../../../core/compile/low.ts'
import { UserError } from '../../../core/errors.ts'
import { printExplanations } from '../../../core/explain/print.ts'
import { formatRun } from '../../../core/run/format.ts'
import { formatJid } from '../../../core/run/jid.ts'
import type { Ran } from '../../../core/run/options.ts'
import type { Outcome, RunReport } from '../../../core/run/result.ts'
import { run } from '../../../core/run/run.ts'
import { catalog } from '../../../modules/catalog.ts'
import { createMachine } from '../../host/machine.ts'
import type { CallRequest } from '../request.ts'
import { LocalDesired } from './compiled.ts'
import { listener } from './listener.ts'
import type { Session } from './session.ts'

/** Compiles, applies or plans, and prints the report. */
export async function applyLocally(
  request: CallRequest & { kind: 'state' },
  session: Session,
  call: Call,
): Promise<ExitCode> {
  const { low, ran, jid, snapshot } = await runHere(request, session, call)
  const report = reportOf(ran, { low, test: request.test, jid, snapshot, signal: call.io.interrupted })
  call.io.data(report)
  call.io.print(() => formatRun(report, { mode: stateOutputOf(call), color: call.io.color }))
  if (!report.ok) return EXIT.failed
  return flagOption(call, 'exitCode') && ran.summary.would_change > 0 ? EXIT.drift : EXIT.ok
}

/** Plans, and tells of the states that the command line names why they would run or not. */
export async function explainLocally(
  { states }: CallRequest & { kind: 'explain' },
  session: Session,
  call: Call,
): Promise<ExitCode> {
  const { low, ran } = await runHere({ kind: 'state', states, test: true }, session, call)
  return printExplanations(low, ran.results, call)
}

interface RunHere {
  low: LowState
  ran: Ran
  jid: string
  snapshot: string
}

async function runHere(request: CallRequest & { kind: 'state' }, session: Session, call: Call): Promise<RunHere> {
  const desired = new LocalDesired(session, request.pillar)
  const low = desired.low(request.states)
  requireNoSecrets(low)
  const { grains, pillar, snapshot } = desired
  const { confine } = session
  for (const warning of low.warnings) call.io.note(formatError(warning, 'warning'))
  const machine = createMachine({ grains, pillar, refs: low.files, files: snapshot.files, confine })
  const signal = call.io.interrupted
  const emit = listener(call)
  const begun = BigInt(machine.now().getTime()) * 1000n
  const ran = await run({ low, catalog, machine, secrets: new Map(), test: request.test, emit, signal })
  return { low, ran, jid: formatJid(begun), snapshot: snapshot.id }
}

function requireNoSecrets({ secrets }: LowState): void {
  if (secrets.length === 0) return
  throw new UserError('no-secrets', `These states use the secrets ${secrets.join(', ')}, and only a master has them.`, {
    hint: 'Apply them through a master, or give such values by --pillar.',
  })
}

interface About {
  low: LowState
  test: boolean
  jid: string
  snapshot: string
  signal: AbortSignal
}

function reportOf({ results, summary }: Ran, { low, test, jid, snapshot, signal }: About): RunReport {
  const [outcome, cause] = outcomeOf(summary.failed, signal.aborted, summary.not_run ?? 0)
  const target = { outcome, cause, jid, snapshot, results, summary }
  return { schema: 'butler.run/1', ok: outcome === 'succeeded', test, errors: low.warnings, targets: { local: target } }
}

function outcomeOf(failed: number, stopped: boolean, notRun: number): [Outcome, string] {
  if (stopped) return ['cancelled', `Stopped by a signal; ${notRun} states were not begun.`]
  return failed > 0 ? ['failed', `${failed} states failed.`] : ['succeeded', '']
}

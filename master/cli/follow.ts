import { setTimeout as sleep } from 'node:timers/promises'
import { flagOption, type Call } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { stateOutputOf } from '../../core/cli/state-output.ts'
import { UserError } from '../../core/errors.ts'
import type { RunReport } from '../../core/run/result.ts'
import type { Api } from '../api/client.ts'
import type { Submitted } from '../api/contract.ts'
import { Progress } from './progress.ts'
import { formatReport } from './report.ts'

/** What becomes of a job that was just submitted: watched to its end and shown, or only named. */
export async function conclude(api: Api, submitted: Submitted, call: Call): Promise<ExitCode> {
  const { jid, targets, warnings } = submitted
  for (const [text, whose] of byText(warnings)) call.io.note(`${whose.join(', ')}: ${text}`)
  if (flagOption(call, 'async')) {
    call.io.print(jid)
    call.io.data({ jid, targets })
    return EXIT.ok
  }
  return follow(api, jid, targets, call)
}

/** What is said of many minions is said once. */
function byText(warnings: Submitted['warnings']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { target, text } of warnings) found.set(text, [...(found.get(text) ?? []), target])
  return found
}

/** Watches a job until it has ended, tells what happens on stderr, and prints its report. */
export async function follow(api: Api, jid: string, targets: readonly string[], call: Call): Promise<ExitCode> {
  const report = await watched(api, jid, targets, call)
  return report === undefined ? EXIT.failed : printReport(report, call)
}

/** What came of a job; `undefined` when the watching was interrupted: how to come back to it is said. */
export async function watched(
  api: Api,
  jid: string,
  targets: readonly string[],
  call: Call,
): Promise<RunReport | undefined> {
  const { io } = call
  const progress = new Progress(targets, (text) => io.note(text))
  try {
    await watch(api, jid, progress, call)
  } finally {
    progress.close()
  }
  if (io.interrupted.aborted) {
    io.note(`The job goes on. To come back to it, or to end it:`)
    io.note(`  butler-master jobs watch ${jid}`)
    io.note(`  butler-master jobs cancel ${jid}`)
    return undefined
  }
  return api.call('jobs.show', { jid })
}

export function printReport(report: RunReport, call: Call): ExitCode {
  call.io.data(report)
  call.io.print(() => formatReport(report, { mode: stateOutputOf(call), color: call.io.color }))
  for (const { outcome } of Object.values(report.targets)) if (outcome === null) return EXIT.failed
  if (!report.ok) return EXIT.failed
  const drift = Object.values(report.targets).some(({ summary }) => summary.would_change > 0)
  return flagOption(call, 'exitCode') && drift ? EXIT.drift : EXIT.ok
}

/** The master may be restarted while a job runs: the job goes on, and so does watching. */
const AWAY = new Set(['master-ends', 'master-gone', 'no-master'])
const RETRY_MS = 500
const MAX_AWAY_MS = 120_000

async function watch(api: Api, jid: string, progress: Progress, { io }: Call): Promise<void> {
  let after = 0
  let awaySince: number | undefined
  while (!io.interrupted.aborted) {
    try {
      for await (const event of api.stream('jobs.watch', { jid, after }, io.interrupted)) {
        if (awaySince !== undefined) io.note('The master is back.')
        awaySince = undefined
        after = event.number
        progress.tell(event)
      }
      return
    } catch (thrown) {
      if (!(thrown instanceof UserError) || !AWAY.has(thrown.code)) throw thrown
      if (awaySince === undefined) io.note('The master went away; the job goes on. Waiting for it to come back.')
      awaySince ??= Date.now()
      if (Date.now() - awaySince > MAX_AWAY_MS) throw thrown
      await sleep(RETRY_MS, undefined, { signal: io.interrupted }).catch(() => {})
    }
  }
}

import { textOption, type Call, type Option } from '../../core/cli/command.ts'
import { parseDuration } from '../../core/text/duration.ts'

export const JOB_OPTIONS: readonly Option[] = [
  { flags: '--async', summary: 'Print the job’s id and do not wait' },
  { flags: '--timeout <duration>', summary: 'How long the work may take on a minion, such as 90s or 2h' },
]

/** A minion that has no time for the work itself has none for the receipt either; the master's own default is 30 s. */
const LONGEST_DELIVERY_MS = 30_000

/** What `--timeout` says about a job. */
export function deadlinesOf(call: Call): { runMs?: number; deliveryMs?: number } {
  const timeout = textOption(call, 'timeout')
  if (timeout === undefined) return {}
  const runMs = parseDuration(timeout)
  return runMs < LONGEST_DELIVERY_MS ? { runMs, deliveryMs: runMs } : { runMs }
}

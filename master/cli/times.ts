import { formatTable } from '../../core/cli/table.ts'
import { formatDuration } from '../../core/text/duration.ts'
import type { JobTimes, StateTime } from '../jobs/times.ts'

/** What was so short is not worth a word. In milliseconds. */
const SHORT = 500

/** Where the time of a job went, for people: its steps, then its hosts with their longest states. */
export function formatTimes({ ms, steps, hosts }: JobTimes): string {
  const tables = [
    ...(steps.length === 0
      ? []
      : [
          formatTable(
            ['STEP', 'TOOK'],
            steps.map((step) => [step.id, formatDuration(step.ms)]),
          ),
        ]),
    ...(hosts.length === 0
      ? []
      : [
          formatTable(
            ['HOST', 'AT WORK', 'LONGEST STATES'],
            hosts.map((host) => [host.id, formatDuration(host.ms), longest(host.states)]),
          ),
        ]),
  ]
  if (tables.length === 0) return `It took ${formatDuration(ms)}, and no states were run.`
  return [`Where the time went, ${formatDuration(ms)} in all:`, ...tables].join('\n\n')
}

function longest(states: readonly StateTime[]): string {
  const long = states.filter(({ ms }) => ms >= SHORT)
  const told = long.length === 0 ? states.slice(0, 1) : long
  return told.map((state) => `${state.function} ${state.id} ${formatDuration(state.ms)}`).join(', ')
}

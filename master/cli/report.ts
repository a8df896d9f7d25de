import type { StateOutput } from '../../core/cli/state-output.ts'
import { formatTarget } from '../../core/run/format.ts'
import { formatReturn } from '../../core/run/nested.ts'
import type { RunReport, TargetResult } from '../../core/run/result.ts'

export interface ReportOptions {
  mode: StateOutput
  color: boolean
}

/** A report for people: answers of functions as Salt nests them, state runs as Salt's highstate output. */
export function formatReport(report: RunReport, { mode, color }: ReportOptions): string {
  return Object.entries(report.targets)
    .map(([id, target]) => formatAnswer(id, target) ?? formatTarget(id, target, { mode, color }))
    .join('\n')
}

/** `undefined` for a state run that has something to show. */
function formatAnswer(id: string, { outcome, cause, results, return: answer }: TargetResult): string | undefined {
  if (outcome === 'succeeded') return answer === undefined ? undefined : formatReturn(id, answer)
  if (results.length > 0) return undefined
  const why = outcome === null ? 'has not ended yet' : `${outcome}: ${cause}`
  const lines = [`${id}:`, ...why.split('\n').map((line) => `    ${line}`)]
  return answer === undefined ? lines.join('\n') : `${formatReturn(id, answer)}\n${lines.slice(1).join('\n')}`
}

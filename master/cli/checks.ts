import { colorful } from '../../core/run/colors.ts'
import type { ChunkResult, RunReport } from '../../core/run/result.ts'
import { formatDuration } from '../../core/text/duration.ts'
import { NOT_DEPLOYED } from '../api/contract.ts'

/** What one step of a validation found. */
export interface CheckLine {
  name: string
  verdict: Verdict
  /** Why not, a line for each minion; for one that passed, what was asked of whom. */
  said: string
  duration_ms: number
}

/** `not-run`: a step that it requires had failed, or the validation was stopped. */
export type Verdict = 'ok' | 'failed' | 'not-deployed' | 'not-run'

/** A validation is an orchestration: its job has one target, the fleet, and a result for each step. */
export function checksOf(report: RunReport): CheckLine[] {
  return Object.values(report.targets).flatMap(({ results }) => results.map(lineOf))
}

function lineOf(result: ChunkResult): CheckLine {
  const { id: name, comment, duration_ms } = result
  const verdict = verdictOf(result)
  const said = verdict === 'not-deployed' ? comment.slice(NOT_DEPLOYED.length).replace(/^: /u, '') : comment
  return { name, verdict, said, duration_ms }
}

function verdictOf({ result, ran, comment }: ChunkResult): Verdict {
  if (!ran) return 'not-run'
  if (result === false) return 'failed'
  return comment.startsWith(NOT_DEPLOYED) ? 'not-deployed' : 'ok'
}

const SHOWN = {
  ok: ['ok', 'green'],
  failed: ['FAILED', 'red'],
  'not-deployed': ['not deployed', 'yellow'],
  'not-run': ['not run', 'yellow'],
} as const

/** A line for each check, the reasons of the failed ones below theirs, and the sum. */
export function formatChecks(checks: readonly CheckLine[], color: boolean): string {
  const paint = colorful(color)
  const width = Math.max(...Object.values(SHOWN).map(([word]) => word.length))
  const lines = checks.flatMap(({ name, verdict, said, duration_ms }) => {
    const [word, shade] = SHOWN[verdict]
    const line = `${paint(shade, word.padEnd(width))}  ${name}`
    if (verdict === 'ok') return [`${line} (${formatDuration(duration_ms)})`]
    return verdict === 'not-deployed' ? [line] : [line, ...indented(said, width + 4)]
  })
  return [...lines, '', sumOf(checks)].join('\n')
}

function indented(text: string, by: number): string[] {
  return text.split('\n').map((line) => ' '.repeat(by) + line)
}

function sumOf(checks: readonly CheckLine[]): string {
  const count = (wanted: Verdict): number => checks.filter(({ verdict }) => verdict === wanted).length
  const counts = [`${count('ok')} ok`, `${count('failed')} failed`]
  if (count('not-run') > 0) counts.push(`${count('not-run')} not run`)
  if (count('not-deployed') > 0) counts.push(`${count('not-deployed')} not deployed`)
  return counts.join(', ')
}

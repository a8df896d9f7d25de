import type { StateOutput } from '../cli/state-output.ts'
import { formatDuration } from '../text/duration.ts'
import { colorful, type Paint } from './colors.ts'
import { nestedLines } from './nested.ts'
import type { ChunkResult, RunReport, RunSummary, TargetResult } from './result.ts'

export interface FormatOptions {
  mode: StateOutput
  color: boolean
}

/** A report as Salt shows a highstate, every target after the other. */
export function formatRun(report: RunReport, options: FormatOptions): string {
  return Object.entries(report.targets)
    .map(([id, target]) => formatTarget(id, target, options))
    .join('\n')
}

export function formatTarget(id: string, target: TargetResult, { mode, color }: FormatOptions): string {
  const paint = colorful(color)
  const { results, cause, outcome } = target
  const header = results.some(hasFailed) ? paint('red', `${id}:`) : paint('cyan', `${id}:`)
  const shown = mode === 'changes' ? results.filter((result) => !isClean(result)) : results
  const lines = shown.flatMap((result) => {
    const isLine = mode === 'terse' || (mode === 'mixed' && isClean(result))
    return isLine ? [terseLine(result, paint)] : blockLines(result, paint)
  })
  const why = outcome === null || outcome === 'succeeded' || outcome === 'failed' ? [] : [`${outcome}: ${cause}`]
  return [header, ...lines, '', ...summaryLines(id, results, target.summary, paint), ...why].join('\n')
}

function blockLines(result: ChunkResult, paint: Paint): string[] {
  const hue = hueOf(result)
  const [comment = '', ...more] = result.comment.split('\n')
  const rows: [string, string][] = [
    ['ID', result.id],
    ['Function', result.function],
    ...(result.name === result.id ? [] : [['Name', result.name] satisfies [string, string]]),
    ['Result', resultWord(result)],
    ['Comment', comment],
  ]
  const late: [string, string][] = [
    ['Started', clock(result.started)],
    ['Duration', `${result.duration_ms} ms`],
  ]
  const changes = Object.keys(result.changes).length === 0 ? [] : nestedLines(result.changes, 14)
  const warnings = (result.warnings ?? []).map((warning) => row('Warnings', warning))
  return [
    paint(hue, '----------'),
    ...rows.map(([label, value]) => paint(hue, row(label, value))),
    ...more.map((line) => paint(hue, `              ${line}`)),
    ...late.map(([label, value]) => paint(hue, row(label, value))),
    ...warnings.map((line) => paint('red', line)),
    ...(result.after === undefined ? [] : [paint(hue, row('After', result.after.join(', ')))]),
    paint(hue, row('Changes', '  ')),
    ...changes.map((line) => changeLine(line, hue, paint)),
  ]
}

function row(label: string, value: string): string {
  return `${label.padStart(12)}: ${value}`
}

/** Lines of a diff in their own colours. */
function changeLine(line: string, hue: Hue, paint: Paint): string {
  const text = line.trimStart()
  if (/^(?:\+\+\+|---) |^@@ /u.test(text)) return paint('cyan', line)
  if (text.startsWith('+')) return paint('green', line)
  if (text.startsWith('-') && !text.startsWith('----------') && !text.startsWith('- ')) return paint('red', line)
  return paint(hue, line)
}

function terseLine(result: ChunkResult, paint: Paint): string {
  const parts = [
    `Name: ${result.name}`,
    `Function: ${result.function}`,
    `Result: ${terseWord(result)}`,
    `Started: ${clock(result.started)}`,
    `Duration: ${result.duration_ms} ms`,
  ]
  return paint(hueOf(result), `  ${parts.join(' - ')}`)
}

function summaryLines(id: string, results: readonly ChunkResult[], summary: RunSummary, paint: Paint): string[] {
  const changed = results.filter((result) => Object.keys(result.changes).length > 0).length
  const warnings = results.reduce((sum, result) => sum + (result.warnings?.length ?? 0), 0)
  const width = 'Succeeded'.length + String(Math.max(summary.succeeded, summary.failed, warnings)).length + 2
  const count = (label: string, value: number): string => `${label}:${String(value).padStart(width - label.length - 1)}`
  const details = [
    ...(summary.would_change > 0 ? [paint('yellow', `unchanged=${summary.would_change}`)] : []),
    ...(changed > 0 ? [paint('green', `changed=${changed}`)] : []),
  ]
  const time = results.reduce((sum, result) => sum + result.duration_ms, 0)
  const shownTime = time > 999 ? `${(time / 1000).toFixed(3)} s` : `${time.toFixed(3)} ms`
  const rule = '-'.repeat(width)
  return [
    paint('cyan', `Summary for ${id}`),
    paint('cyan', rule),
    paint('green', count('Succeeded', summary.succeeded)) + (details.length > 0 ? ` (${details.join(', ')})` : ''),
    paint(summary.failed > 0 ? 'red' : 'cyan', count('Failed', summary.failed)),
    ...(warnings > 0 ? [paint('red', count('Warnings', warnings))] : []),
    paint('cyan', rule),
    paint('cyan', `Total states run: ${String(results.length).padStart(width - 7)}`),
    paint('cyan', `Total run time: ${shownTime.padStart(width - 5)}`),
    '',
    plainly(results, summary),
  ]
}

/** What Salt's summary leaves to guess: every state is counted once. */
function plainly(results: readonly ChunkResult[], summary: RunSummary): string {
  const good = results.filter((result) => result.result === true && result.skipped === null)
  const changed = good.filter((result) => Object.keys(result.changes).length > 0).length
  const skipped = results.filter((result) => result.skipped !== null && result.result !== false).length
  const counts = [
    `ok ${good.length - changed}`,
    `changed ${changed}`,
    `would change ${summary.would_change}`,
    `skipped ${skipped}`,
    `failed ${summary.failed}`,
    `not run ${summary.not_run ?? 0}`,
  ]
  const time = results.reduce((sum, result) => sum + result.duration_ms, 0)
  return `${counts.join(', ')} (${formatDuration(time)})`
}

type Hue = 'green' | 'cyan' | 'red' | 'yellow'

function hueOf(result: ChunkResult): Hue {
  if (result.result === false) return 'red'
  if (result.result === null) return 'yellow'
  return Object.keys(result.changes).length > 0 ? 'cyan' : 'green'
}

function hasFailed(result: ChunkResult): boolean {
  return result.result === false
}

function isClean(result: ChunkResult): boolean {
  return result.result === true && Object.keys(result.changes).length === 0
}

function resultWord({ result }: ChunkResult): string {
  return result === null ? 'None' : result ? 'True' : 'False'
}

function terseWord(result: ChunkResult): string {
  if (result.result === false) return 'Failed'
  if (result.result === null) return 'Differs'
  return Object.keys(result.changes).length > 0 ? 'Changed' : 'Clean'
}

/** `11:51:05.707000`, in the time of whoever reads it. */
function clock(iso: string): string {
  const time = new Date(iso)
  const micro = String(time.getMilliseconds()).padStart(3, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${micro}000`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

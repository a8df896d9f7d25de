import type { DataMap } from '../../core/data.ts'
import type { RunReport, TargetResult } from '../../core/run/result.ts'
import { shortList } from '../desired/work.ts'

/** What came of a step, minion by minion. */
export interface Tally {
  /** Of those that changed, would change or failed: what, in short. */
  changes: DataMap
  changed: string[]
  wouldChange: string[]
  unchanged: string[]
  failed: string[]
}

export function tallyOf(report: RunReport): Tally {
  const tally: Tally = { changes: {}, changed: [], wouldChange: [], unchanged: [], failed: [] }
  for (const [id, target] of Object.entries(report.targets)) {
    const { summary } = target
    if (target.outcome !== 'succeeded') tally.failed.push(id)
    else if (summary.changed > 0) tally.changed.push(id)
    else if (summary.would_change > 0) tally.wouldChange.push(id)
    else tally.unchanged.push(id)
    const changes = changesOf(target)
    if (changes !== undefined) tally.changes[id] = changes
  }
  return tally
}

/** `undefined` for a minion where all was as it should be. */
function changesOf({ outcome, cause, results, summary, jid }: TargetResult): DataMap | undefined {
  const rows = results.filter(({ result, changes }) => result !== true || Object.keys(changes).length > 0)
  if (outcome === 'succeeded' && rows.length === 0) return undefined
  const { changed, would_change, failed } = summary
  return {
    outcome: outcome ?? 'running',
    ...(outcome === 'succeeded' ? {} : { cause }),
    jid,
    ...(changed > 0 ? { changed } : {}),
    ...(would_change > 0 ? { would_change } : {}),
    ...(failed > 0 ? { failed } : {}),
    states: rows.map(({ function: name, id, result }) => `${word(result)} ${name} ${id}`),
  }
}

function word(result: boolean | null): string {
  if (result === false) return 'failed'
  return result === null ? 'would change' : 'changed'
}

/** `changed: db-server; unchanged: tracker, worker-1`. */
export function tallyText({ changed, wouldChange, unchanged, failed }: Tally): string {
  const parts = [
    ['changed', changed],
    ['would change', wouldChange],
    ['unchanged', unchanged],
    ['failed', failed],
  ] as const
  return parts.flatMap(([label, ids]) => (ids.length > 0 ? [`${label}: ${shortList(ids)}`] : [])).join('; ')
}

/** Why each of them failed, a line each. */
export function causesOf(report: RunReport, failed: readonly string[]): string[] {
  return failed.map((id) => {
    const target = report.targets[id]
    return `${id} ${target?.outcome ?? 'not ended'}: ${target?.cause ?? ''}`
  })
}

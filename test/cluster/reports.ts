import type { LowChunk, LowState } from '../../core/compile/low.ts'
import type { ChunkResult, RunReport } from '../../core/run/result.ts'
import type { DebianHost } from '../hosts/host.ts'

/** Runs an operator's command on the master's host and gives its report; whether all went well stands in it. */
export async function reportOf(master: DebianHost, ...words: string[]): Promise<RunReport> {
  // The program's own contract, checked by its own tests.
  return JSON.parse(await jsonOf(master, words)) as RunReport
}

/** What a minion is to be: the chunks of its highstate, in run order. */
export async function chunksOf(master: DebianHost, id: string): Promise<LowChunk[]> {
  const low = JSON.parse(await jsonOf(master, ['show', 'lowstate', id])) as LowState
  return low.chunks
}

/** The results of one target; an error when it was not reached. */
export function resultsOf(report: RunReport, id: string): ChunkResult[] {
  const target = report.targets[id]
  if (target === undefined) throw new Error(`There is no result of ${id}: ${JSON.stringify(report.errors)}`)
  return target.results
}

/** The states that changed something, or would in a plan, apart from those that only wait for another one. */
export function changedIn(results: readonly ChunkResult[]): string[] {
  const changed = results.filter(({ result, changes, after = [] }) =>
    result === null ? after.length === 0 : Object.keys(changes).length > 0,
  )
  return changed.map(({ id, function: name }) => `${id} ${name}`)
}

export function failedIn(report: RunReport): string[] {
  const failures = Object.entries(report.targets).flatMap(([target, { outcome, cause, results }]) => [
    ...(outcome === 'succeeded' ? [] : [`${target}: ${outcome}: ${cause}`]),
    ...results.filter(({ result }) => result === false).map(({ id, comment }) => `${target}: ${id}: ${comment}`),
  ])
  return [...report.errors.map(({ message }) => message), ...failures]
}

async function jsonOf(master: DebianHost, words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await master.run(['butler-master', ...words, '--json'])
  if (stdout.trim() === '') throw new Error(`'butler-master ${words.join(' ')}' printed no report:\n${stderr}`)
  return stdout
}

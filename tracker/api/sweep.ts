import { hostname } from 'node:os'
import { killLeftovers } from '../engines/task/leftovers.ts'
import { endRunningAttempts } from '../store/attempts.ts'
import { endStaleRuns, type StaleEngine, staleEngines } from '../store/engines.ts'
import type { Tracker } from './tracker.ts'

/**
 * Ends the runs of engines that have not been heard of for the length of their lease, with the cause. Every command that
 * shows or changes runs does this first, so that no run is in progress for ever.
 */
export async function endStopped(tracker: Tracker): Promise<void> {
  const now = await tracker.database.clock()
  const before = new Date(now.getTime() - tracker.config.leaseMs).toISOString()
  for (const engine of await staleEngines(tracker.database.queries, before))
    await endRunsOf(tracker, engine, before, now)
}

/** The same, at once, for an engine that this program started and saw end. */
export async function endRunsOfDead(tracker: Tracker, engineId: string): Promise<void> {
  const now = await tracker.database.clock()
  // Later than any lease, so that its engine counts as late.
  const before = new Date(now.getTime() + tracker.config.leaseMs).toISOString()
  const engines = await staleEngines(tracker.database.queries, before)
  for (const engine of engines.filter(({ id }) => id === engineId)) await endRunsOf(tracker, engine, before, now)
}

async function endRunsOf(tracker: Tracker, engine: StaleEngine, before: string, now: Date): Promise<void> {
  // What it started may still be running, here; a retry must not work beside it.
  if (engine.host === hostname()) await killLeftovers(engine.id)
  await tracker.database.queries.transaction().execute(async (transaction) => {
    const ended = await endStaleRuns(transaction, engine.id, before, causeOf(engine), now.toISOString())
    if (ended.length > 0) await endRunningAttempts(transaction, engine.id, now.toISOString())
  })
}

function causeOf(engine: StaleEngine): string {
  const who =
    engine.pid === null ? `The engine on ${engine.host}` : `The engine (process ${engine.pid} on ${engine.host})`
  return `${who} stopped: it was last heard of at ${engine.lastSeen}.`
}

import type { DebianHost } from '../hosts/host.ts'
import type { Damage } from './damage.ts'
import { changedIn, failedIn, reportOf, resultsOf } from './reports.ts'

/** What was seen of one damage: every list but the failures should equal what must be mended, and the last be empty. */
export interface Mending {
  /** What `plan` said would change. */
  planned: string[]
  /** What `highstate` changed. */
  changed: string[]
  failed: string[]
  /** What a plan afterwards would still change. */
  left: string[]
}

/** Damages a host, asks for the plan, mends it (and what was lost elsewhere), and asks for the plan once more. */
export async function damageAndMend(master: DebianHost, host: DebianHost, damage: Damage): Promise<Mending> {
  await host.sh(damage.line)
  const plan = await reportOf(master, 'plan', host.name)
  const mended = await reportOf(master, 'highstate', host.name)
  const elsewhere = damage.elsewhere ? failedIn(await reportOf(master, 'highstate', '*')) : []
  const after = await reportOf(master, 'plan', host.name)
  return {
    planned: changedIn(resultsOf(plan, host.name)),
    changed: changedIn(resultsOf(mended, host.name)),
    failed: [...failedIn(plan), ...failedIn(mended), ...elsewhere, ...failedIn(after)],
    left: changedIn(resultsOf(after, host.name)),
  }
}

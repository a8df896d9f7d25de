import type { Layout } from '../core/cli/layout.ts'
import type { UserError } from '../core/errors.ts'
import type { Snapshot } from '../core/compile/snapshot.ts'
import type { Catalog } from '../core/module/module.ts'
import type { MasterConfig } from './config.ts'
import { createDesired } from '../core/desired/create.ts'
import type { Desired } from '../core/desired/desired.ts'
import type { Known } from '../core/desired/minion.ts'
import { problemsOf } from './desired/problems.ts'
import { Targets } from './desired/targets.ts'
import type { Foundation } from './foundation.ts'
import type { Log } from './log.ts'
import { Mine } from './mine/mine.ts'
import { openSecretsKey } from './secrets/key.ts'
import { Vault } from './secrets/vault.ts'
import { createSources, type RunningSources } from './sources/create.ts'

export interface DirectionOptions {
  layout: Layout
  config: MasterConfig
  foundation: Pick<Foundation, 'store' | 'keys' | 'minions'>
  catalog: Catalog
  log: Log
  /** The time of day in ms. */
  now: () => number
  /** What is wrong with a snapshot's orchestrations. */
  orchestrations: (snapshot: Snapshot) => readonly UserError[]
}

/** Where a master leads its minions: its sources, what they say about each minion, and what minions are told of others. */
export interface Direction {
  sources: RunningSources
  desired: Desired
  targets: Targets
  known: Known
  mine: Mine
  vault: Vault
}

/** Nothing runs yet: `sources.start()` gets the first snapshot. */
export async function findDirection(options: DirectionOptions): Promise<Direction> {
  const { layout, config, log, now, catalog, orchestrations } = options
  const { store, keys, minions } = options.foundation
  const mine = await Mine.open(store, now)
  const known: Known = {
    grains: (id) => minions.get(id)?.grains,
    tokenRoles: (id) => keys.tokenRoles(id),
    mine: (alias) => mine.values(alias),
  }
  const desired = createDesired({ catalog, known })
  const isKnown = (id: string): boolean => minions.get(id) !== undefined
  const ids = (): readonly string[] => keys.ids().filter(isKnown)
  const sources = createSources({
    sources: config.sources,
    cache: layout.cache,
    data: layout.data,
    pollMs: config.poll,
    gitTimeoutMs: config.git_timeout,
    check: async (snapshot, inUse) => problemsOf(snapshot, inUse, { desired, ids, orchestrations }),
    note: (text) => log.info(text),
  })
  keys.onGone((id) => {
    mine.forget(id).catch((error: unknown) => log.error('not forgotten', { minion: id, error: String(error) }))
  })
  const vault = new Vault(store, openSecretsKey(layout.pki), now)
  return { sources, desired, targets: new Targets({ desired, ids: () => keys.ids(), isKnown }), known, mine, vault }
}

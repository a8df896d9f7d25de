import { parseTarget } from '../../core/target/match.ts'
import type { Target } from '../../core/target/target.ts'
import type { Handlers } from '../api/contract.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Sources } from '../sources/sources.ts'
import { apply } from './apply.ts'
import { check } from './check.ts'
import { currentOrEmpty } from './empty.ts'
import { runFunction, type RunDeps } from './run.ts'

export interface DesiredDeps extends RunDeps {
  sources: Sources
  vault: Vault
  /** All minions whose grains are known. */
  ids: () => readonly string[]
}

export type DesiredHandlers = Pick<
  Handlers,
  | 'match'
  | 'apply'
  | 'run'
  | 'sources.list'
  | 'sources.update'
  | 'mine.update'
  | 'secrets.list'
  | 'secrets.set'
  | 'secrets.delete'
  | 'show.pillar'
  | 'show.top'
  | 'show.lowstate'
  | 'show.template'
  | 'check'
>

/** What each minion should be, and bringing it there. */
export function desiredHandlers(deps: DesiredDeps): DesiredHandlers {
  const { desired, sources, vault, targets, current } = deps
  const idsOf = (target: Target): readonly string[] => {
    // A target that is malformed is told as that, also while there is no snapshot.
    parseTarget(target)
    return targets.match(currentOrEmpty(current), target)
  }
  return {
    match: async ({ target }) => ({ ids: [...idsOf(target)] }),
    apply: (input, caller) => apply(deps, input, caller),
    run: (input, caller) => runFunction(deps, input, caller),
    'sources.list': async () => sources.status(),
    'sources.update': () => sources.update(),
    'mine.update': ({ target }) => deps.mineUpdate(idsOf(target)),
    'secrets.list': () => vault.list(),
    'secrets.set': async ({ name, value }, { name: by }) => {
      await vault.set(name, value, by)
      return {}
    },
    'secrets.delete': async ({ name }) => {
      await vault.delete(name)
      return {}
    },
    'show.pillar': async ({ id }) => desired.pillar(current(), one(deps, id)),
    'show.top': async ({ id }) => ({
      roles: [...desired.roles(current(), one(deps, id))],
      states: [...desired.highstate(current(), id)],
    }),
    'show.lowstate': async ({ id, states }) => desired.low(current(), one(deps, id), states),
    'show.template': async ({ id, name }) => desired.rendered(current(), one(deps, id), name),
    check: ({ ids }) => check(deps, ids),
  }
}

/** An id that must be a minion's; who is near is named. */
function one({ targets, current }: DesiredDeps, id: string): string {
  const [found] = targets.match(currentOrEmpty(current), { kind: 'list', expression: id })
  if (found === undefined) throw new Error('A target that matches nobody is an error.')
  return found
}

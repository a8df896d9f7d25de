import type { Data, DataMap } from '../data.ts'
import { UserError, UserErrors, userErrorsOf } from '../errors.ts'
import { hasSecretMarker } from '../secret.ts'
import { partialsOf } from '../compile/partials.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Context } from '../compile/template.ts'
import { stateTree } from '../compile/tree.ts'
import { matches, parseTarget } from '../target/match.ts'
import type { Target } from '../target/target.ts'
import { readRole, rolesOf, type Role } from './roles.ts'

/** What is known about minions, from wherever the master keeps it. All of it is in memory: compiling waits for nothing. */
export interface Known {
  /** As the minion claims them, when it has ever been connected. */
  grains: (id: string) => DataMap | undefined
  tokenRoles: (id: string) => readonly string[]
  /** What the minions said for one alias of the mine. */
  mine: (alias: string) => ReadonlyMap<string, Data>
}

/** One minion as the sources see it. */
export interface Subject {
  id: string
  /** With `roles` and `id` as the master attests them. */
  grains: DataMap
  roles: readonly string[]
  /** What its role files, pillar files and defaults are rendered with: everything but the pillar. */
  context: Context
}

export function subjectOf(snapshot: Snapshot, id: string, known: Known): Subject {
  const roles = rolesOf(snapshot, id, known.tokenRoles(id))
  const grains = { ...cleanGrains(id, known), id, roles: [...roles] }
  const mine = (expression: string, alias: string): Record<string, Data> =>
    lookUpMine(snapshot, known, { kind: 'compound', expression }, alias)
  return { id, grains, roles, context: { id, grains, roles, pillar: {}, mine, partials: partialsOf(snapshot) } }
}

/** Grains that were looked at: they are replaced as a whole, never changed. */
const clean = new WeakSet<DataMap>()

/** A minion says its own grains: it must not be able to name a secret with them. */
function cleanGrains(id: string, known: Known): DataMap {
  const grains = grainsOf(id, known)
  if (!clean.has(grains) && hasSecretMarker(JSON.stringify(grains))) {
    throw new UserError('reserved-characters', `The grains of '${id}' hold Butler's own marks for secrets.`, {
      hint: `Look at them there: butler-call --local grains.items --out json.`,
    })
  }
  clean.add(grains)
  return grains
}

function grainsOf(id: string, known: Known): DataMap {
  const grains = known.grains(id)
  if (grains !== undefined) return grains
  throw new UserError('never-connected', `'${id}' has never been connected, so its grains are not known.`, {
    hint: `Start it there ('systemctl start butler-minion'); 'butler-master minions' shows who is here.`,
  })
}

/** `mine 'G@roles:db-server' 'network.ip_addrs'`: what the minions of a target said, by id. */
export function lookUpMine(snapshot: Snapshot, known: Known, target: Target, alias: string): Record<string, Data> {
  const parsed = parseTarget(target)
  const values = [...known.mine(alias)].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(values.filter(([id]) => matches(parsed, matched(snapshot, id, known))))
}

/** A minion's pillar may hold other minions' mine values, so these can't be chosen by pillar: it would have no end. */
function matched(snapshot: Snapshot, id: string, known: Known): { id: string; grains: DataMap; pillar: DataMap } {
  const roles = rolesOf(snapshot, id, known.tokenRoles(id))
  return {
    id,
    grains: { ...known.grains(id), id, roles: [...roles] },
    get pillar(): DataMap {
      throw new UserError('mine-by-pillar', "The mine can't be asked for minions by their pillar.", {
        hint: 'Choose them by id, grain or role, such as G@roles:worker.',
      })
    },
  }
}

/** The files of all its roles. Throws `UserErrors` with what is wrong in any of them. */
export function rolesOfSubject(snapshot: Snapshot, { roles, context }: Subject): readonly Role[] {
  return allOf(roles, (name) => readRole(snapshot, name, context))
}

/** All states of the roles, in their order, each once. Throws `UserErrors` with the place in a role of what is missing. */
export function highstateOf(snapshot: Snapshot, roles: readonly Role[]): readonly string[] {
  const tree = stateTree(snapshot, 'states')
  const named = roles.flatMap((role) => role.states.map((state, index) => ({ state, at: role.placeOfState(index) })))
  const found = allOf(named, ({ state, at }) => tree.find(state, at).map(({ sls }) => sls))
  return [...new Set(found.flat())]
}

/** Does something for each; the errors of all of them are thrown together. */
function allOf<From, To>(items: readonly From[], work: (item: From) => To): To[] {
  const errors: UserError[] = []
  const done = items.flatMap((item) => {
    try {
      return [work(item)]
    } catch (thrown) {
      const mine = userErrorsOf(thrown)
      if (mine === undefined) throw thrown
      errors.push(...mine)
      return []
    }
  })
  if (errors.length > 0) throw new UserErrors(errors)
  return done
}

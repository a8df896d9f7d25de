import { UserError, UserErrors, type Place } from '../errors.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Context } from '../compile/template.ts'
import { matchesGlob } from '../target/glob.ts'
import { suggest } from '../text/nearest.ts'
import { parseYaml } from '../text/yaml.ts'
import { isMap, type DataMap } from '../data.ts'
import { MAP, readFields, TEXT, TEXTS, type Fields } from './fields.ts'

const MAPPING = 'roles/mapping.yaml'

/** `'worker-*': [worker]`, one line of the role mapping. */
export interface Mapped {
  glob: string
  roles: readonly string[]
  at: Place
}

/** A role as a minion gets it. */
export interface Role {
  name: string
  states: readonly string[]
  pillar: DataMap
  /** Where its own list of states stands, item by item. */
  placeOfState(index: number): Place
  placeOfPillar(path: readonly string[]): Place
}

const FIELDS: Fields = {
  what: 'a role',
  known: { description: TEXT, states: TEXTS, pillar: MAP },
}

const mappings = new WeakMap<Snapshot, readonly Mapped[]>()

/** All lines of the mapping; none when there is no such file. Throws `UserErrors`. */
export function readMapping(snapshot: Snapshot): readonly Mapped[] {
  const known = mappings.get(snapshot)
  if (known !== undefined) return known
  const read = parseMapping(snapshot)
  mappings.set(snapshot, read)
  return read
}

function parseMapping(snapshot: Snapshot): readonly Mapped[] {
  const text = snapshot.text(MAPPING)
  if (text === undefined) return []
  const yaml = parseYaml(text, snapshot.shown(MAPPING))
  const { value } = yaml
  const placeOf = (path: readonly string[]): Place => yaml.placeOf(path)
  if (value === null) return []
  if (!isMap(value)) {
    throw new UserError('bad-mapping', `${MAPPING} must be a map from globs of minion ids to roles.`, {
      at: placeOf([]),
    })
  }
  const errors: UserError[] = []
  const mapped = Object.entries(value).map(([glob, given]) => {
    const roles = typeof given === 'string' ? [given] : given
    const at = placeOf([glob])
    if (Array.isArray(roles) && roles.every((role) => typeof role === 'string')) return { glob, roles, at }
    errors.push(new UserError('bad-mapping', `'${glob}' must have a list of roles.`, { at }))
    return { glob, roles: [], at }
  })
  if (errors.length > 0) throw new UserErrors(errors)
  return mapped
}

/** All roles that a minion has, sorted: what the mapping says and what came with its join token. */
export function rolesOf(snapshot: Snapshot, id: string, tokenRoles: readonly string[]): readonly string[] {
  const mapped = readMapping(snapshot).flatMap(({ glob, roles }) => (matchesGlob(id, glob) ? roles : []))
  return [...new Set([...mapped, ...tokenRoles])].toSorted()
}

/** The names of all role files, sorted. */
export function roleNames(snapshot: Snapshot): readonly string[] {
  return snapshot.paths.flatMap((path) => /^roles\/([^/]+)\.(?:yaml|sls)$/u.exec(path)?.[1] ?? []).filter(isRole)
}

function isRole(name: string): boolean {
  return name !== 'mapping'
}

/** Reads one role's file for one minion. Throws `UserErrors`; one that is missing names who is near. */
export function readRole(snapshot: Snapshot, name: string, context: Context): Role {
  const path = [`roles/${name}.yaml`, `roles/${name}.sls`].find((one) => snapshot.ref(one) !== undefined)
  if (path === undefined || !isRole(name)) throw missingRole(snapshot, name, context.id)
  const { value, placeOf } = readFields(snapshot, path, context, FIELDS)
  const { states, pillar } = value
  return {
    name,
    states: Array.isArray(states) ? states.filter((state) => typeof state === 'string') : [],
    pillar: isMap(pillar) ? pillar : {},
    placeOfState: (index) => placeOf(['states', index]),
    placeOfPillar: (steps) => placeOf(['pillar', ...steps]),
  }
}

function missingRole(snapshot: Snapshot, name: string, id: string): UserError {
  const line = readMapping(snapshot).find(({ glob, roles }) => roles.includes(name) && matchesGlob(id, glob))
  const from = line === undefined ? 'by its join token' : `by '${line.glob}' of ${MAPPING}`
  return new UserError('missing-role', `There is no role '${name}' (roles/${name}.yaml), which '${id}' has ${from}.`, {
    hint: suggest(name, roleNames(snapshot)),
    at: line?.at,
  })
}

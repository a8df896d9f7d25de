import type { Data, DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import { formatPlace, UserError, UserErrors, type Place } from '../errors.ts'
import { mergeData } from '../compile/merge.ts'

/** What one role says about the pillar. */
export interface RolePillar {
  name: string
  pillar: DataMap
  placeOfPillar(path: readonly string[]): Place
}

/**
 * Lays the roles' pillars together. No role is above another, so two that want one key to be different things are an
 * error that names both places: which of them won would be an accident.
 */
export function mergeRoles(roles: readonly RolePillar[]): DataMap {
  const errors = roles.flatMap((role, index) => roles.slice(0, index).flatMap((other) => conflicts(other, role)))
  if (errors.length > 0) throw new UserErrors(errors)
  return roles.reduce<DataMap>((merged, role) => mergeData(merged, role.pillar), {})
}

function conflicts(one: RolePillar, other: RolePillar): UserError[] {
  return differing(one.pillar, other.pillar, []).map((path) => {
    const first = one.placeOfPillar(path)
    const message = `The roles '${one.name}' and '${other.name}' set the pillar key '${path.join(':')}' differently.`
    return new UserError('pillar-conflict', message, {
      hint: `The other one is at ${formatPlace(first)}. Set it in one of them, or in a file of pillar/, which wins.`,
      at: other.placeOfPillar(path),
    })
  })
}

/** The paths at which both have something, not both a map, and not the same. */
function differing(one: Data, other: Data, path: readonly string[]): (readonly string[])[] {
  if (isMap(one) && isMap(other)) {
    return Object.keys(one).flatMap((key) => {
      const [left, right] = [one[key], other[key]]
      return left === undefined || right === undefined ? [] : differing(left, right, [...path, key])
    })
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [path]
}

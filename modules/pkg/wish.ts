import picomatch from 'picomatch'
import { UserError } from '../../core/errors.ts'
import type { Installed, Manager, Wished } from './manager.ts'

/** What pkg.installed is told about one package. */
export interface Wish {
  name: string
  /** `15.4-1`, `15*`, or conditions: `>=15,<16`. */
  version?: string | undefined
}

/** `name`, `pkgs` and `version` are three ways to say what is wished. */
export function wishesOf(want: {
  name: string
  pkgs?: readonly Wish[] | undefined
  version?: string | undefined
}): readonly Wish[] {
  const wishes = want.pkgs ?? [{ name: want.name, version: want.version }]
  return wishes.map(({ name, version }) => ({ name, version: version === 'latest' ? undefined : version }))
}

/** The versions that are there; undefined when the package is not. */
export function versionsOf(installed: Installed, name: string): readonly string[] | undefined {
  const versions = installed.versions.get(name) ?? installed.qualified.get(name)
  return versions ?? (installed.provided.has(name) ? [''] : undefined)
}

export function isFulfilled(wish: Wish, installed: Installed, manager: Manager): boolean {
  const versions = versionsOf(installed, wish.name)
  if (versions === undefined) return false
  const { version } = wish
  return version === undefined || versions.some((has) => fits(has, version, manager))
}

/** Whether a version is the one that is wished: equal, as a glob, or by conditions. */
export function fits(has: string, wished: string, manager: Manager): boolean {
  const conditions = conditionsOf(wished)
  if (conditions.length > 0) return conditions.every((condition) => holds(has, condition, manager))
  return wished.includes('*') ? picomatch(wished, { bash: true })(has) : manager.compare(has, wished) === 0
}

/** What to tell the installer: an exact version where there is one, else the newest, which must fit. */
export function wishedVersion(wish: Wish, candidate: string | undefined, manager: Manager): Wished {
  const { name, version } = wish
  if (version === undefined) return { name }
  const isExact = conditionsOf(version).length === 0 && !version.includes('*')
  if (isExact) return { name, version }
  if (candidate === undefined || fits(candidate, version, manager)) return { name, version: candidate }
  throw new UserError('no-version', `The repositories offer ${name} ${candidate}, which is not ${version}.`)
}

interface Condition {
  operator: string
  version: string
}

function conditionsOf(wished: string): Condition[] {
  return wished.split(',').flatMap((part) => {
    const { operator, version } = /^\s*(?<operator>[<>]=?|==?|!=)\s*(?<version>\S+)\s*$/u.exec(part)?.groups ?? {}
    return operator === undefined || version === undefined ? [] : [{ operator, version }]
  })
}

function holds(has: string, { operator, version }: Condition, manager: Manager): boolean {
  const order = manager.compare(has, version)
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '!=':
      return order !== 0
    default:
      return order === 0
  }
}

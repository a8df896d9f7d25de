import type { AnyFunction } from './fn.ts'
import type { AnyState } from './state.ts'

/** A subject, such as `file` or `postgres`, with what can be said and done about it. */
export interface Module {
  readonly summary: string
  /** By the full name that people write: `file.managed`, `postgres_user.present`. */
  readonly states: Readonly<Record<string, AnyState>>
  /** By the full name: `postgres.db_list`. */
  readonly functions: Readonly<Record<string, AnyFunction>>
}

/** All that can be named in a state file or called. */
export interface Catalog {
  readonly states: ReadonlyMap<string, AnyState>
  readonly functions: ReadonlyMap<string, AnyFunction>
}

/** Joins modules; two that define the same name are a bug. */
export function catalogOf(modules: readonly Module[]): Catalog {
  return {
    states: join(modules.flatMap((module) => Object.entries(module.states))),
    functions: join(modules.flatMap((module) => Object.entries(module.functions))),
  }
}

function join<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  const all = new Map<string, T>()
  for (const [name, definition] of entries) {
    if (all.has(name)) throw new Error(`Two modules define '${name}'.`)
    all.set(name, definition)
  }
  return all
}

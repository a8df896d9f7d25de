import type { RequisiteKind } from './low.ts'
import { REQUISITE_KINDS } from './low.ts'

/** The names that mean the same below every state function. */
export const KINDS: ReadonlyMap<string, RequisiteKind> = new Map(REQUISITE_KINDS.map((kind) => [kind, kind]))

/** `require_in` and the like: written at the target, meant for the one named. */
export const IN_KINDS: ReadonlyMap<string, RequisiteKind> = new Map(
  (['require', 'watch', 'onchanges', 'onfail', 'prereq', 'listen'] as const).map((kind) => [`${kind}_in`, kind]),
)

export const GUARDS: ReadonlySet<string> = new Set(['unless', 'onlyif', 'creates'])

/** Salt's arguments for things that need no saying here, each with why it has no effect; states have further ones. */
export const IGNORED: ReadonlyMap<string, string> = new Map(
  ['reload_modules', 'reload_grains', 'reload_pillar'].map((word) => [word, 'Butler does not need it']),
)

/** What may be said twice in one declaration: all references count, also those of an `extend`. */
export const COMBINED: ReadonlySet<string> = new Set([...KINDS.keys(), ...IN_KINDS.keys(), 'use', 'use_in'])

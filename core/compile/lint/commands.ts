import type { Draft } from '../draft.ts'
import type { Links } from '../requisites.ts'

/** Commands that run every time unless something holds them back. `cmd.wait` waits by itself. */
export function runsEveryTime({ function: name, guards, args }: Draft, links: Links): boolean {
  if (name !== 'cmd.run' && name !== 'cmd.script') return false
  if (Object.keys(guards).length > 0 || args.has('stateful')) return false
  return !HOLDING.some((kind) => links.has(kind))
}

/** Requisites by which a state runs only at times. */
const HOLDING = ['onchanges', 'onchanges_any', 'onfail', 'onfail_any', 'onfail_all', 'prereq'] as const

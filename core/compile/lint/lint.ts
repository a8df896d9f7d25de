import type { UserError } from '../../errors.ts'
import type { Catalog } from '../../module/module.ts'
import type { Draft } from '../draft.ts'
import type { Problems } from '../problems.ts'
import type { Links } from '../requisites.ts'
import { backwardsOnchanges } from './backwards-onchanges.ts'
import { listenWithoutAction } from './listen-without-action.ts'
import { lostWatch } from './lost-watch.ts'
import { secretInCommand } from './secret-in-command.ts'
import { unguardedCommand } from './unguarded-command.ts'
import { watchWithoutAction } from './watch-without-action.ts'

/** One chunk as a lint looks at it. */
export interface Linted {
  readonly draft: Draft
  /** What it stands in requisites to, those of `_in` forms elsewhere too. */
  readonly links: Links
  /** It does something of its own when what it watches changes. */
  readonly reacts: boolean
}

/** Looks for one thing that is allowed and hardly meant. A warning comes out, which says what happens and what to write. */
export type Lint = (linted: Linted) => UserError | undefined

const LINTS: readonly Lint[] = [
  listenWithoutAction,
  watchWithoutAction,
  lostWatch,
  backwardsOnchanges,
  unguardedCommand,
  secretInCommand,
]

/** Warns of what is allowed and hardly meant. */
export function lint(drafts: readonly Draft[], links: readonly Links[], catalog: Catalog, problems: Problems): void {
  for (const [index, draft] of drafts.entries()) {
    const reacts = catalog.states.get(draft.function)?.watched !== undefined
    const linted = { draft, links: links[index] ?? new Map(), reacts }
    for (const one of LINTS) {
      const warning = one(linted)
      if (warning !== undefined) problems.warn(warning)
    }
  }
}

import { UserError } from '../errors.ts'
import type { Catalog } from '../module/module.ts'
import type { Draft } from './draft.ts'
import type { Problems } from './problems.ts'
import type { Links } from './requisites.ts'

/** Warns of what is allowed and hardly meant. */
export function lint(drafts: readonly Draft[], links: readonly Links[], catalog: Catalog, problems: Problems): void {
  for (const [index, { id, function: fun, at }] of drafts.entries()) {
    if (links[index]?.has('listen') !== true || catalog.states.get(fun)?.watched !== undefined) continue
    problems.warn(
      new UserError(
        'listen-without-action',
        `'${id}' listens, but '${fun}' has nothing that it does when others change.`,
        {
          hint: 'Write `onchanges` for a state that runs only after changes.',
          at,
        },
      ),
    )
  }
}

import { UserError } from '../../errors.ts'
import type { Lint } from './lint.ts'

/** In Salt and here such a watch is a `require`, and nothing tells so. */
export const watchWithoutAction: Lint = ({ draft: { id, function: name, at }, links, reacts }) => {
  if (reacts || !(links.has('watch') || links.has('watch_any'))) return undefined
  return new UserError(
    'watch-without-action',
    `'${id}' watches, but '${name}' has nothing that it does when others change: it is a 'require' only.`,
    { hint: 'Write `require`; or `onchanges` for a state that runs only after changes.', at },
  )
}

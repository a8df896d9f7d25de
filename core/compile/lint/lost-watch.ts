import { UserError } from '../../errors.ts'
import { runsEveryTime } from './commands.ts'
import type { Lint } from './lint.ts'

/** A state that has changed something itself does not act on its watch any more, and a command always has. */
export const lostWatch: Lint = ({ draft, links }) => {
  if (!(links.has('watch') || links.has('watch_any')) || !runsEveryTime(draft, links)) return undefined
  return new UserError(
    'lost-watch',
    `'${draft.id}' runs its command every time, whatever it watches: the watch has no effect.`,
    { hint: 'Write `onchanges` in place of `watch`, and the command runs after changes only.', at: draft.at },
  )
}

import { UserError } from '../../errors.ts'
import { runsEveryTime } from './commands.ts'
import type { Lint } from './lint.ts'

export const unguardedCommand: Lint = ({ draft, links }) => {
  // A lost watch is told already, and says the same.
  if (links.has('watch') || links.has('watch_any') || !runsEveryTime(draft, links)) return undefined
  return new UserError(
    'unguarded-command',
    `'${draft.id}' runs its command every time, and every run counts as a change.`,
    {
      hint: 'Say when it is needed: `unless`, `onlyif`, `creates`, or `onchanges`; `unless: false` says that every time is meant.',
      at: draft.at,
    },
  )
}

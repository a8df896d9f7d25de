import { UserError } from '../../errors.ts'
import type { Lint } from './lint.ts'

export const listenWithoutAction: Lint = ({ draft: { id, function: name, at }, links, reacts }) => {
  if (reacts || !links.has('listen')) return undefined
  return new UserError(
    'listen-without-action',
    `'${id}' listens, but '${name}' has nothing that it does when others change.`,
    { hint: 'Write `onchanges` for a state that runs only after changes.', at },
  )
}

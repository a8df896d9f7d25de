import { UserError } from '../../errors.ts'
import type { Lint } from './lint.ts'

/** `onchanges_in` on a command makes others wait for the command's changes, and it always has some. */
export const backwardsOnchanges: Lint = ({ draft: { id, module, incoming } }) => {
  const backwards = incoming.find(({ kind }) => kind === 'onchanges' || kind === 'onchanges_any')
  if (module !== 'cmd' || backwards === undefined) return undefined
  const { module: target = 'id', ref: name } = backwards.reference
  return new UserError(
    'backwards-onchanges',
    `'onchanges_in' on the command '${id}' runs '${name}' after every run of the command.`,
    {
      hint: `If the command is to run after changes of '${name}', write \`onchanges: [{${target}: ${name}}]\` here.`,
      at: backwards.reference.at,
    },
  )
}

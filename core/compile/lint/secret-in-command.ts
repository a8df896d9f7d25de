import { UserError } from '../../errors.ts'
import { hasSecretMarker } from '../../secret.ts'
import type { Lint } from './lint.ts'

/** What stands in a command line, every user of the machine can read while it runs. */
export const secretInCommand: Lint = ({ draft: { id, module, name, args, at } }) => {
  if (module !== 'cmd') return undefined
  const words = args.get('args')?.value
  const inWords = words?.kind === 'scalar' && typeof words.value === 'string' && hasSecretMarker(words.value)
  const first = args.get('name') ?? args.get('args')
  if (!hasSecretMarker(name) && !inWords) return undefined
  return new UserError(
    'secret-in-command',
    `The command line of '${id}' holds a secret: every user of the machine can see it while it runs.`,
    { hint: 'Give it by `stdin`, by `env`, or in a file that only its user may read.', at: first?.at ?? at },
  )
}

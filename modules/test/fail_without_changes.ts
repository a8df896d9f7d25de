import { UserError } from '../../core/errors.ts'
import { args, text } from '../../core/module/args.ts'
import { state } from '../../core/module/state.ts'
import { watchFired, FIRED_REPORTS } from './pretend.ts'

export const failWithoutChanges = state({
  summary: 'Fails and changes nothing.',
  args: () => args({ name: text('Any text.'), comment: text('What the result says.').default('Failure!') }),
  reports: FIRED_REPORTS,
  example: `
    not-here:
      test.fail_without_changes:
        - comment: This state file is for other machines.
  `,
  makes: () => [],
  plan(_view, want) {
    throw new UserError('test-failure', want.comment)
  },
  watched: watchFired,
})

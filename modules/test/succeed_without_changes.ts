import { args, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { watchFired, FIRED_REPORTS } from './pretend.ts'

export const succeedWithoutChanges = state({
  summary: 'Succeeds and changes nothing.',
  args: () => args({ name: text('Any text.'), comment: text('What the result says.').default('Success!') }),
  reports: FIRED_REPORTS,
  example: `
    quiet:
      test.succeed_without_changes: []
  `,
  makes: () => [],
  plan: (_view, want) => planOf([], want.comment),
  watched: watchFired,
})

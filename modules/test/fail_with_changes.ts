import { args, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { pretendedFailure, watchFired, PRETENDED_REPORTS } from './pretend.ts'

export const failWithChanges = state({
  summary: 'Fails after it claimed a change.',
  args: () => args({ name: text('Any text.'), comment: text('What the result says.').default('Failure!') }),
  reports: PRETENDED_REPORTS,
  example: `
    half-way:
      test.fail_with_changes: []
  `,
  makes: () => [],
  plan: (_view, want) => planOf([pretendedFailure(want.comment)], ''),
  watched: watchFired,
})

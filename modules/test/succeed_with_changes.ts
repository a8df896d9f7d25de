import { args, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { pretendedChange, watchFired, PRETENDED_REPORTS } from './pretend.ts'

export const succeedWithChanges = state({
  summary: 'Succeeds and claims a change.',
  args: () => args({ name: text('Any text.'), comment: text('What the result says.').default('Success!') }),
  reports: PRETENDED_REPORTS,
  example: `
    changed:
      test.succeed_with_changes: []
    after-a-change:
      test.nop:
        - onchanges:
          - test: changed
  `,
  makes: () => [],
  plan: (_view, want) => planOf([pretendedChange(want.comment)], ''),
  watched: watchFired,
})

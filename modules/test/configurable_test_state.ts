import { UserError } from '../../core/errors.ts'
import { args, flag, text, texts } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { pretendedChange, pretendedFailure, watchFired, PRETENDED_REPORTS } from './pretend.ts'

const FAILED = 'This state was told to fail.'

export const configurableTestState = state({
  summary: 'Succeeds or fails, with or without a change, as it is told.',
  args: () =>
    args({
      name: text('Any text.'),
      changes: flag('Whether it claims a change.').default(true),
      result: flag('Whether it succeeds.').default(true),
      comment: text('What the result says.').default(''),
      warnings: texts('Said along with the result.').default([]),
    }),
  reports: PRETENDED_REPORTS,
  ignores: { allow_test_mode_failure: 'a plan always shows a failure that is certain' },
  example: `
    changed-and-failed:
      test.configurable_test_state:
        - changes: true
        - result: false
        - comment: as wanted
  `,
  makes: () => [],
  plan(_view, want) {
    const comment = [want.comment, ...want.warnings].filter((line) => line !== '').join('\n')
    if (!want.result && !want.changes) throw new UserError('test-failure', comment || FAILED)
    if (!want.result) return planOf([pretendedFailure(comment || FAILED)], comment)
    return planOf(want.changes ? [pretendedChange(comment)] : [], comment)
  },
  watched: watchFired,
})

import { args, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { watchFired, FIRED_REPORTS } from './pretend.ts'

export const nop = state({
  summary: 'Does nothing and succeeds: a place to hang requisites on.',
  args: () => args({ name: text('Any text.') }),
  reports: FIRED_REPORTS,
  example: `
    everything-is-installed:
      test.nop:
        - require:
          - test: first
    first:
      test.nop: []
  `,
  makes: () => [],
  plan: () => planOf([], 'Success!'),
  watched: watchFired,
})

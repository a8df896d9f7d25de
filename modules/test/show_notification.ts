import { args, text } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'

export const showNotification = state({
  summary: 'Says a text in the result.',
  args: () => args({ name: text('Any text.'), text: text('What is said.') }),
  reports: {},
  example: `
    remember:
      test.show_notification:
        - text: The licence of this machine ends in March.
  `,
  makes: () => [],
  plan: (_view, want) => planOf([], want.text),
})

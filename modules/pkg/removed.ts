import { state } from '../../core/module/state.ts'
import { removalArgs, removalPlan } from './removal.ts'

export const removed = state({
  summary: 'These packages are not installed. Their settings stay.',
  args: removalArgs,
  reports: { '<package>': 'The version that it had, for everything that went with it too.' },
  example: `
    telnet:
      pkg.removed: []
  `,
  plan: (view, want) => removalPlan(view, want, false),
})

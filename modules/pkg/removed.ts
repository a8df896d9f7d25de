import { state } from '../../core/module/state.ts'
import { removalArgs, removalPlan } from './removal.ts'

export const removed = state({
  summary: 'These packages are not installed. Their settings stay.',
  args: removalArgs,
  example: `
    telnet:
      pkg.removed: []
  `,
  plan: (view, want) => removalPlan(view, want, false),
})

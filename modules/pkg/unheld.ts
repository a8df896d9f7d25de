import { state } from '../../core/module/state.ts'
import { holdArgs, holdPlan } from './holding.ts'

export const unheld = state({
  summary: 'These packages are not held: they may be upgraded.',
  args: holdArgs,
  reports: { '<package>': '`unhold`.' },
  example: `
    postgresql-15:
      pkg.unheld: []
  `,
  makes: () => [],
  plan: (view, want) => holdPlan(view, want, false),
})

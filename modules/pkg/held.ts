import { state } from '../../core/module/state.ts'
import { holdArgs, holdPlan } from './holding.ts'

export const held = state({
  summary: 'These packages keep the version that they have: nothing installs another one over it.',
  args: holdArgs,
  reports: { '<package>': '`hold`.' },
  example: `
    postgresql-15:
      pkg.held: []
  `,
  makes: () => [],
  plan: (view, want) => holdPlan(view, want, true),
})

import { state } from '../../core/module/state.ts'
import { removalArgs, removalPlan } from './removal.ts'

export const purged = state({
  summary: 'These packages are not installed, and their settings are gone when they are removed.',
  args: removalArgs,
  reports: { '<package>': 'The version that it had, for everything that went with it too.' },
  example: `
    apache2:
      pkg.purged: []
  `,
  plan: (view, want) => removalPlan(view, want, true),
})
